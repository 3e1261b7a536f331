/**
 * The sandbox for tests: a local stand-in for the service, as a child process.
 *
 * @packageDocumentation
 */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { inspect } from 'node:util';

import { RegistrationAuthority, type ClientOptions } from './client.js';
import type { RequestPk } from './generated/ids.js';
import type { OneShotConfig, OneShotRao, RaConfig, RaoCredentials } from './generated/models.js';
import type { JsonObject, JsonValue } from './json.js';
import { OneShot } from './one-shot.js';
import { dress } from './shape.js';
import { pathText } from './source.js';

/** How a sandbox is started. */
export interface SandboxOptions {
  /** Arguments of the program, for example `['--mutual-tls']`; `videoid-sandbox --help` names them. */
  args?: readonly string[] | undefined;
  /** The program. Default: the environment variable `VIDEOID_SANDBOX`, else that of the package `videoid-sandbox`. */
  program?: string | URL | undefined;
}

interface Ready {
  ra_url: string;
  upload_url: string;
  control_url: string;
  pki_dir: string;
  ra: { id: string };
  rao: { username: string; password: string; pin: string; rao_id: string };
  one_shot_url: string;
  one_shot: { ra: { id: string; external_id: string }; env: string; billing: { username: string; password: string } };
}

function programOf(given: string | URL | undefined): string {
  if (given !== undefined) return pathText(given, 'program');
  if (process.env.VIDEOID_SANDBOX) return process.env.VIDEOID_SANDBOX;
  let found: { program(): string };
  try {
    found = require('videoid-sandbox') as typeof found;
  } catch (cause) {
    const text = 'videoid/sandbox: the package videoid-sandbox is not installed; npm install --save-dev videoid-sandbox, or set VIDEOID_SANDBOX';
    throw Object.assign(new Error(text, { cause }), { code: 'VIDEOID_SANDBOX_MISSING' });
  }
  return found.program();
}

/** The first line of the program, which says that it is ready. */
async function ready(child: ChildProcess): Promise<Ready> {
  const { stdout } = child;
  if (stdout === null) throw new Error('the sandbox has no standard output');
  const lines = createInterface({ input: stdout });
  const stop = new AbortController();
  const failed = once(child, 'exit', { signal: stop.signal }).then(([code]) => {
    throw new Error(`the sandbox ended with ${code} before it was ready`);
  });
  failed.catch(() => undefined);
  try {
    const [line] = (await Promise.race([once(lines, 'line', { signal: stop.signal }), failed])) as [string];
    return JSON.parse(line) as Ready;
  } finally {
    stop.abort();
  }
}

/**
 * A running sandbox. It listens on the loopback interface only, ends with this process, and does not keep it alive.
 *
 * ```ts
 * await using sandbox = await Sandbox.start();
 * const ra = sandbox.client();
 * ```
 */
export class Sandbox {
  readonly #child: ChildProcess;
  readonly #ready: Ready;

  private constructor(child: ChildProcess, line: Ready) {
    this.#child = child;
    this.#ready = line;
  }

  /** Starts one and waits until it is ready. Rejects with the code `VIDEOID_SANDBOX_MISSING` where there is no program. */
  static async start(options: SandboxOptions = {}): Promise<Sandbox> {
    const child = spawn(programOf(options.program), ['--exit-with-parent', ...(options.args ?? [])], { stdio: ['pipe', 'pipe', 'inherit'] });
    const line = await ready(child);
    child.unref();
    for (const stream of [child.stdin, child.stdout]) (stream as unknown as { unref?(): void } | null)?.unref?.();
    return new Sandbox(child, line);
  }

  /** Base address of the API, with its path. */
  get apiUrl(): string {
    return this.#ready.ra_url;
  }

  /** Address of the host for videos. */
  get uploadUrl(): string {
    return this.#ready.upload_url;
  }

  /** Address of the One-Shot API, without the path of a dialect. */
  get oneShotUrl(): string {
    return this.#ready.one_shot_url;
  }

  /** Base address of the control API. */
  get controlUrl(): string {
    return this.#ready.control_url;
  }

  /** The folder with certificates and keys, where it was started with TLS. */
  get pkiDir(): string {
    return this.#ready.pki_dir;
  }

  /** The fictitious officer. */
  get rao(): RaoCredentials {
    const { username, password, pin, rao_id: raoId } = this.#ready.rao;
    return dress('RaoCredentials', { username, password, pin, raoId });
  }

  /** The same officer as the One-Shot API takes it. */
  get oneShotRao(): OneShotRao {
    const { raoId: rao, username, password, pin } = this.rao;
    return dress('OneShotRao', { username, password, pin, rao });
  }

  /** Settings of a client for it, with `more` laid over them. */
  config(more: RaConfig = {}): RaConfig {
    const own = { environment: 'custom', apiUrl: this.apiUrl, uploadUrl: this.uploadUrl, registrationAuthority: this.#ready.ra.id, videoPk: 'request_pk' };
    return { ...own, ...more };
  }

  /** A client for it. */
  client(more: RaConfig = {}, options: ClientOptions = {}): RegistrationAuthority {
    return new RegistrationAuthority(this.config(more), options);
  }

  /** Settings of a client of the One-Shot API for it, with `more` laid over them. Its registration authority is one of External VideoID. */
  oneShotConfig(more: OneShotConfig = {}): OneShotConfig {
    const { ra, env, billing } = this.#ready.one_shot;
    const account = { billingUsername: billing.username, billingPassword: billing.password };
    return { environment: 'custom', baseUrl: this.oneShotUrl, registrationAuthority: ra.external_id, env, ...account, ...more };
  }

  /** A client of the One-Shot API for it. For eIDAS VideoID give it the `registrationAuthority` of {@link Sandbox.config}. */
  oneShot(more: OneShotConfig = {}, options: ClientOptions = {}): OneShot {
    return new OneShot(this.oneShotConfig(more), options);
  }

  /** A call of the control API; gives its JSON, or `undefined` where the answer is empty. */
  async control(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<JsonValue | undefined> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const answer = await fetch(this.controlUrl + path, { method, ...sent });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the sandbox's control API: ${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : (JSON.parse(text) as JsonValue);
  }

  /** Forgets everything: requests, faults, settings. `cards`: how many unused scratchcards there are then. */
  async reset(body: { cards?: number } = {}): Promise<void> {
    await this.control('POST', '/reset', body);
  }

  /** Changes settings: what no document says, and how the sandbox is to behave. */
  async settings(changed: JsonObject): Promise<void> {
    await this.control('PUT', '/settings', changed);
  }

  /** Adds faults that wait for calls, for example `{ operation: 'create_request', kind: 'drop', when: 'after' }`. */
  async faults(...faults: JsonObject[]): Promise<void> {
    await this.control('POST', '/faults', faults);
  }

  /** The requests that the service received, personal data included: it is fictitious. */
  async received(): Promise<JsonObject[]> {
    return (await this.control('GET', '/received?personal=true')) as JsonObject[];
  }

  /** Plays the user of an eIDAS VideoID. */
  async user(requestPk: RequestPk, action: 'finish' | 'leave' | 'fail'): Promise<void> {
    await this.control('POST', `/requests/${requestPk}/user`, { action });
  }

  /** Plays the vendor's operator. */
  async operator(requestPk: RequestPk, action: 'validate' | 'refuse', reason?: string): Promise<void> {
    await this.control('POST', `/requests/${requestPk}/operator`, { action, reason });
  }

  /** Plays the user of an eIDAS VideoID on the One-Shot API. */
  async identify(requestPk: RequestPk, outcome: 'finish' | 'leave' | 'fail'): Promise<void> {
    await this.control('POST', `/one-shot/requests/${requestPk}/identification`, { outcome });
  }

  /** The one-time password that the signer's telephone shows. */
  async otp(requestPk: RequestPk): Promise<string> {
    const { otp } = (await this.control('GET', `/one-shot/requests/${requestPk}/otp`)) as { otp: string };
    return otp;
  }

  /** Ends it, and waits until it is gone. Safe to repeat. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.ref();
    this.#child.kill();
    await gone;
  }

  /** As {@link Sandbox.stop}, so that `await using` works. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Shows its addresses. */
  [inspect.custom](_depth: number, options: object): string {
    return `Sandbox ${inspect({ apiUrl: this.apiUrl, uploadUrl: this.uploadUrl, controlUrl: this.controlUrl }, options)}`;
  }
}

/** What a test framework runs once or before each test. */
type Register = (work: () => Promise<void>) => unknown;

/** The functions of `node:test` that {@link useSandbox} registers with; Mocha has the same names. */
export interface NodeTestHooks {
  /** Run once before the tests. */
  before: Register;
  /** Run before each test. */
  beforeEach: Register;
  /** Run once after the tests. */
  after: Register;
}

/** The functions of Vitest that {@link useSandbox} registers with; Jest has the same names. */
export interface VitestHooks {
  /** Run once before the tests. */
  beforeAll: Register;
  /** Run before each test. */
  beforeEach: Register;
  /** Run once after the tests. */
  afterAll: Register;
}

/** The functions of a test framework that {@link useSandbox} registers with. */
export type TestHooks = NodeTestHooks | VitestHooks;

/**
 * One sandbox for the tests of a file, started before the first, empty before each, ended after the last.
 *
 * ```ts
 * import { after, before, beforeEach, test } from 'node:test';
 * const sandbox = useSandbox({ before, beforeEach, after });
 * test('…', () => sandbox().client().getFirstUnusedScratchcard());
 * ```
 *
 * ```ts
 * import { afterAll, beforeAll, beforeEach, test } from 'vitest';
 * const sandbox = useSandbox({ beforeAll, beforeEach, afterAll });
 * ```
 */
export function useSandbox(hooks: TestHooks, options: SandboxOptions = {}): () => Sandbox {
  const [first, last] = 'beforeAll' in hooks ? [hooks.beforeAll, hooks.afterAll] : [hooks.before, hooks.after];
  let running: Sandbox | undefined;
  first(async () => {
    running = await Sandbox.start(options);
  });
  hooks.beforeEach(async () => {
    await running?.reset();
  });
  last(async () => {
    await running?.stop();
    running = undefined;
  });
  return () => {
    if (running === undefined) throw new Error('the sandbox runs only while the tests do');
    return running;
  };
}
