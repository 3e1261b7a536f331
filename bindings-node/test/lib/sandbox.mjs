// Starts the sandbox as a child process and speaks its control API.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const REPO = process.env.VIDEOID_REPO ?? resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** A file of tests/fixtures. */
export const fixture = (name) => join(REPO, 'tests/fixtures', name);

/** The program of the sandbox. */
export function binary() {
  const found = process.env.VIDEOID_SANDBOX ?? join(REPO, 'target/ci/videoid-sandbox');
  if (!existsSync(found)) throw new Error(`no sandbox at ${found}: cargo build --profile ci -p videoid-sandbox, or set VIDEOID_SANDBOX`);
  return found;
}

/** A running sandbox. It ends with this process. */
export class Sandbox {
  constructor(child, ready) {
    this.child = child;
    this.ready = ready;
  }

  static async start(args = []) {
    const child = spawn(binary(), ['--exit-with-parent', ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the sandbox ended with ${code} before it was ready`);
    });
    ended.catch(() => undefined);
    const [line] = await Promise.race([once(lines, 'line'), ended]);
    // Nothing of the child may keep a test process alive.
    child.unref();
    child.stdin.unref();
    child.stdout.unref();
    return new Sandbox(child, JSON.parse(line));
  }

  /** A call of the control API; gives its JSON, or nothing where the answer is empty. */
  async control(method, path, body) {
    const answer = await fetch(this.ready.control_url + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`control ${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  reset(body = {}) {
    return this.control('POST', '/reset', body);
  }

  faults(...faults) {
    return this.control('POST', '/faults', faults);
  }

  received() {
    return this.control('GET', '/received?personal=true');
  }

  stop() {
    this.child.stdin.end();
    this.child.kill();
  }

  /** Settings of a client for it. */
  config(more = {}) {
    return {
      environment: 'custom',
      apiUrl: this.ready.ra_url,
      uploadUrl: this.ready.upload_url,
      registrationAuthority: this.ready.ra.id,
      videoPk: 'request_pk',
      ...more,
    };
  }

  /** Settings of a client of the One-Shot API for it. */
  oneShotConfig(more = {}) {
    const { ra, env, billing } = this.ready.one_shot;
    return {
      environment: 'custom',
      baseUrl: this.ready.one_shot_url,
      registrationAuthority: ra.id,
      env,
      billingUsername: billing.username,
      billingPassword: billing.password,
      ...more,
    };
  }

  /** The officer of the One-Shot API. */
  get oneShotRao() {
    const { raoId: rao, ...credentials } = this.rao;
    return { ...credentials, rao };
  }

  /** The officer's credentials. */
  get rao() {
    const { username, password, pin, rao_id: raoId } = this.ready.rao;
    return { username, password, pin, raoId };
  }
}

const shared = new Map();

/** One sandbox for each list of arguments, as it was before anything happened. */
export async function sandbox(args = [], reset = {}) {
  const key = JSON.stringify(args);
  if (!shared.has(key)) shared.set(key, Sandbox.start(args));
  const found = await shared.get(key);
  await found.reset(reset);
  return found;
}
