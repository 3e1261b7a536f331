// Runs one scenario of tests/scenarios against the package.

import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  Bundle, Evidence, ExternalVideoId, ONE_SHOT_OPERATIONS, OPERATIONS, OneShot, RegistrationAuthority, VideoIdError, WebhookInbox, fromWire, toWire,
} from 'videoid';

import { special } from './calls.mjs';
import { differences, pointer } from './match.mjs';
import { fixture, sandbox } from './sandbox.mjs';
import { only } from './scenarios.mjs';
import { errorJson, source, sourcePath } from './values.mjs';

const camel = (name) => name.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase());
/** The operations of both clients: no name is in both tables. */
const rows = new Map(
  Object.entries({ made: OPERATIONS, madeOneShot: ONE_SHOT_OPERATIONS }).flatMap(([client, table]) =>
    Object.entries(table).map(([call, row]) => [row.name, { ...row, call, client }]),
  ),
);

/** Certificate and key of that name, in the JSON of `ClientIdentity`. */
function identityJson(file, name) {
  const pairs = {
    client: ['client.pem', 'client.key'],
    expired: ['client-expired.pem', 'client-expired.key'],
    foreign: ['client-foreign.pem', 'client-foreign.key'],
    key_mismatch: ['client.pem', 'other.key'],
    encrypted: ['client.pem', 'client-encrypted.key', 'sandbox'],
    none: undefined,
  };
  assert.ok(name in pairs, `an identity that the runner does not know: ${name}`);
  const pair = pairs[name];
  return pair && { certificate_file: file(pair[0]), key_file: file(pair[1]), ...(pair[2] ? { password: pair[2] } : {}) };
}

/** The TLS part of the settings, where the sandbox speaks it. */
function tlsConfig(file, args, { identity = 'client', upload_identity: upload = args.includes('--upload-mutual-tls'), trust = 'sandbox' }) {
  if (!args.includes('--tls') && !args.includes('--mutual-tls')) return {};
  const roots = { sandbox: 'ca.pem', foreign: 'foreign-ca.pem' };
  assert.ok(trust in roots, `a trust that the runner does not know: ${trust}`);
  const root = { ca_file: file(roots[trust]), ca_only: true };
  const pair = identityJson(file, identity);
  const tls = pair ? { ...root, identity: pair } : root;
  return { tls, upload_tls: upload ? tls : root };
}

class Run {
  constructor(scenario, sandboxed, temp) {
    this.scenario = scenario;
    this.sandbox = sandboxed;
    this.temp = temp;
    const { rao, ra } = sandboxed.ready;
    const { rao_id: officer, ...credentials } = rao;
    const oneShot = { one_shot: sandboxed.ready.one_shot, one_shot_rao: { ...credentials, rao: officer } };
    this.saved = new Map(Object.entries({ rao, ra: ra.id, ...oneShot, ...(scenario.variant ? { variant: scenario.variant.values ?? {} } : {}) }));
    this.objects = new Map();
    this.append = undefined;
    this.inbox = new WebhookInbox();
    /** How many deliveries were relayed to the inbox. */
    this.relayed = 0;
  }

  pki(name) {
    return join(this.sandbox.ready.pki_dir, name);
  }

  /** A client identity by its name. */
  identity(name) {
    const found = identityJson((file) => this.pki(file), name);
    assert.ok(found, 'an identity is needed');
    return found;
  }

  /** A client as the scenario wants it; it may be refused. */
  client() {
    const { config, unreachable, tls } = this.setup();
    const { ready } = this.sandbox;
    const wire = {
      environment: 'custom',
      api_url: unreachable ? 'http://127.0.0.1:9/api/v1' : ready.ra_url,
      upload_url: unreachable ? 'http://127.0.0.1:9' : ready.upload_url,
      registration_authority: ready.ra.id,
      video_pk: 'request_pk',
      ...tls,
      ...this.resolve(config),
    };
    for (const [name, value] of Object.entries(wire)) if (value === null) delete wire[name];
    return new RegistrationAuthority(fromWire('RaConfig', wire));
  }

  /** A client of the One-Shot API as the scenario wants it; it may be refused. */
  oneShotClient() {
    const { oneShot, unreachable, tls } = this.setup();
    const { one_shot_url: url, one_shot: known } = this.sandbox.ready;
    const wire = {
      environment: 'custom',
      base_url: unreachable ? 'http://127.0.0.1:9' : url,
      registration_authority: known.ra.id,
      env: known.env,
      billing_username: known.billing.username,
      billing_password: known.billing.password,
      // It shows no certificate.
      ...(tls.tls ? { tls: { ca_file: tls.tls.ca_file, ca_only: true } } : {}),
      ...this.resolve(oneShot),
    };
    for (const [name, value] of Object.entries(wire)) if (value === null) delete wire[name];
    return new OneShot(fromWire('OneShotConfig', wire));
  }

  /** What the scenario says of its clients. */
  setup() {
    const { config = {}, one_shot: oneShot = {}, url = 'sandbox', ...tls } = this.scenario.client ?? {};
    only('client', tls, ['identity', 'upload_identity', 'trust']);
    assert.ok(['sandbox', 'unreachable'].includes(url), `addresses that the runner does not know: ${url}`);
    return { config, oneShot, unreachable: url === 'unreachable', tls: tlsConfig((file) => this.pki(file), this.scenario.sandbox?.args ?? [], tls) };
  }

  /** The value with `${name}` replaced. */
  resolve(value) {
    if (typeof value === 'string') {
      const whole = /^\$\{([^}]+)\}$/u.exec(value);
      const get = (name) => {
        const [first, ...rest] = name.split('.');
        assert.ok(this.saved.has(first), `nothing was saved as ${first}`);
        return rest.reduce((at, part) => at?.[part], this.saved.get(first));
      };
      return whole ? get(whole[1]) : value.replaceAll(/\$\{([^}]+)\}/gu, (_, name) => String(get(name)));
    }
    if (Array.isArray(value)) return value.map((item) => this.resolve(item));
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, this.resolve(member)]));
    return value;
  }

  /** A source: `$bundle.video`, or what `values.mjs` knows. */
  source(spec) {
    return typeof spec === 'string' && spec.startsWith('$') ? this.object(spec) : source(spec, this.temp);
  }

  object(reference) {
    const [name, member] = reference.slice(1).split('.');
    assert.ok(this.objects.has(name), `nothing was saved as ${reference}`);
    const found = this.objects.get(name);
    return member === undefined ? found : found[camel(member)];
  }

  path(text) {
    return sourcePath(text, this.temp);
  }

  /** The call's promise. */
  async call(name, args, options) {
    const row = rows.get(name);
    if (row) {
      const optional = {};
      const values = [];
      only(name, args, row.params.map((param) => param.name));
      for (const param of row.params) {
        const value = args[param.name];
        const converted = value === undefined || value === null ? undefined : this.argument(param.type, value);
        if (param.optional) optional[camel(param.name)] = converted;
        else values.push(converted);
      }
      return this[row.client]()[row.call](...values, { ...options, ...optional });
    }
    return special(this, name, args, options);
  }

  /** The client, made where there is none yet. */
  made() {
    this.ra ??= this.client();
    return this.ra;
  }

  /** The client of the One-Shot API, made where there is none yet. */
  madeOneShot() {
    this.oneShot ??= this.oneShotClient();
    return this.oneShot;
  }

  /** The scenario's workflow of the One-Shot API, of that class where there is none yet. */
  oneShotWorkflow(Kind) {
    this.oneShotFlow ??= new Kind(this.madeOneShot());
    assert.ok(this.oneShotFlow instanceof Kind, `the scenario has another workflow: ${this.oneShotFlow.constructor.name}`);
    return this.oneShotFlow;
  }

  /** Goes on with a state, in a new client of the One-Shot API. */
  resumeOneShot(Kind, given) {
    const state = given ?? this.oneShotWorkflow(Kind).state;
    this.oneShot = this.oneShotClient();
    this.oneShotFlow = Kind.resume(this.oneShot, typeof state === 'string' ? state : JSON.stringify(state));
  }

  /** The scenario's workflow, of that class where there is none yet. */
  workflow(Kind) {
    this.flow ??= new (Kind ?? ExternalVideoId)(this.made());
    assert.ok(Kind === undefined || this.flow instanceof Kind, `the scenario has another workflow: ${this.flow.constructor.name}`);
    return this.flow;
  }

  /** Goes on with a state, in a new client. */
  resume(Kind, given) {
    const state = given ?? this.workflow(Kind).state;
    this.ra = this.client();
    this.flow = Kind.resume(this.ra, typeof state === 'string' ? state : JSON.stringify(state));
  }

  argument(type, value) {
    if (type === 'source') return this.source(value);
    if (type === '[]source') return value.map((spec) => this.source(spec));
    if (type === 'evidence') return this.object(value);
    if (type === 'path') return this.path(value);
    return type.startsWith('@') ? fromWire(type.slice(1), value) : value;
  }

  /** Options in the language's own words, and what progress was seen. */
  options(spec = {}) {
    const known = ['timeout_ms', 'progress', 'cancel_after_bytes', 'cancel_before'];
    for (const name of Object.keys(spec)) assert.ok(known.includes(name), `an option that the runner does not know: ${name}`);
    const seen = [];
    const options = {};
    if (spec.timeout_ms !== undefined) options.timeout = spec.timeout_ms;
    const controller = new AbortController();
    if (spec.cancel_after_bytes !== undefined || spec.cancel_before) options.signal = controller.signal;
    if (spec.cancel_before) controller.abort(new Error('the scenario cancels'));
    const append = this.append;
    this.append = undefined;
    if (spec.progress || spec.cancel_after_bytes !== undefined || append) {
      let appended = false;
      options.onProgress = (progress) => {
        seen.push(progress);
        if (append && !appended && progress.sent >= append.bytes) {
          appended = true;
          appendFileSync(append.path, 'changed');
        }
        if (spec.cancel_after_bytes !== undefined && progress.sent >= spec.cancel_after_bytes) controller.abort(new Error('the scenario cancels'));
      };
    }
    return { options, seen };
  }

  async step(step) {
    if (step.file) {
      only('a file step', step, ['file', 'only']);
      return this.file(step.file);
    }
    if (step.control) {
      only('a control step', step, ['control', 'only', 'save', 'expect']);
      const { method, path, body } = this.resolve(step.control);
      const result = await this.sandbox.control(method, path, body);
      if (step.save) this.save(step.save, result);
      if (step.expect?.result !== undefined) this.compare(this.resolve(step.expect.result), result);
      return undefined;
    }
    assert.ok(step.call, `a step that the runner does not know: ${JSON.stringify(step)}`);
    only(step.call, step, ['call', 'only', 'args', 'options', 'save', 'save_as', 'expect']);
    const { options, seen } = this.options(step.options);
    const { expect = {} } = step;
    for (const name of Object.keys(expect)) assert.ok(['result', 'error', 'progress'].includes(name), `an expectation that the runner does not know: ${name}`);
    let result;
    try {
      result = await this.call(step.call, this.resolve(step.args ?? {}), options);
    } catch (error) {
      if (!VideoIdError.is(error)) throw error;
      if (!expect.error) throw error;
      this.compare(this.resolve(expect.error), errorJson(error));
      return undefined;
    }
    assert.ok(!expect.error, `${step.call}: it succeeded, expected ${JSON.stringify(expect.error)}`);
    const json = wire(result);
    if (expect.result !== undefined) this.compare(this.resolve(expect.result), json);
    if (expect.progress === 'complete') {
      assert.ok(seen.length > 0, 'no progress');
      // A workflow makes several uploads and counts each from zero, once the one before it was whole.
      seen.reduce((last, now) => (assert.ok(now.sent >= last.sent || last.sent === last.total, `progress went back from ${last.sent} to ${now.sent}`), now));
      const last = seen.at(-1);
      assert.equal(last.sent, last.total, 'progress is not complete');
    } else {
      assert.equal(expect.progress, undefined);
    }
    if (step.save) this.save(step.save, json);
    if (step.save_as) this.objects.set(step.save_as, result);
    return undefined;
  }

  save(names, json) {
    for (const [name, path] of Object.entries(names)) {
      const value = pointer(json, path);
      assert.notEqual(value, undefined, `there is nothing at ${path} to be saved as ${name}`);
      this.saved.set(name, value);
    }
  }

  file(spec) {
    if (spec.append_during_next_call !== undefined) {
      this.append = { path: this.path(spec.append_during_next_call), bytes: spec.after_bytes ?? 1 };
    } else if (spec.write !== undefined) {
      const path = this.path(spec.write);
      if (spec.fixture !== undefined) copyFileSync(fixture(spec.fixture), path);
      else if (spec.generate !== undefined) copyFileSync(this.path(spec), path);
      else writeFileSync(path, spec.text ?? '');
    } else if (spec.append !== undefined) {
      appendFileSync(this.path(spec.append), spec.text ?? 'changed');
    } else if (spec.remove !== undefined) {
      rmSync(this.path(spec.remove), { recursive: true });
    } else {
      throw new Error(`a step that the runner does not know: ${JSON.stringify(spec)}`);
    }
  }

  compare(expected, actual) {
    const found = differences(expected, actual);
    assert.deepEqual(found, [], found.join('\n'));
  }
}

/** A result as JSON of the wire. */
function wire(result) {
  if (result instanceof Evidence) return { content_length: result.contentLength, report: toWire(result.report) };
  if (result instanceof Bundle) return { manifest: toWire(result.manifest) };
  if (result === undefined || result === null || typeof result !== 'object') return result;
  if (Array.isArray(result)) return result.map(wire);
  // What the runner itself has put together, of what the package gave.
  if (Object.getPrototypeOf(result) === Object.prototype) return Object.fromEntries(Object.entries(result).map(([name, member]) => [name, wire(member)]));
  return toWire(result);
}

/** Runs a scenario; rejects where something differs. */
export async function runScenario(scenario) {
  only('sandbox', scenario.sandbox ?? {}, ['args', 'cards', 'settings', 'faults']);
  const { args = [], cards, settings, faults } = scenario.sandbox ?? {};
  const sandboxed = await sandbox(args, cards === undefined ? {} : { cards });
  const temp = mkdtempSync(join(tmpdir(), 'videoid-scenario-'));
  try {
    if (settings) await sandboxed.control('PUT', '/settings', settings);
    if (faults) await sandboxed.control('POST', '/faults', faults);
    const run = new Run(scenario, sandboxed, temp);
    for (const [index, step] of scenario.steps.entries()) {
      try {
        await run.step(step);
      } catch (error) {
        throw new Error(`step ${index + 1} (${step.call ?? Object.keys(step)[0]}): ${error.message}`, { cause: error });
      }
    }
    if (scenario.received) {
      const { received } = { received: await sandboxed.received() };
      const list = Array.isArray(received) ? received : received.requests;
      const expected = run.resolve(scenario.received);
      if (scenario.received_mode === 'contains') contains(expected, list);
      else run.compare(expected, list);
    }
    run.ra?.close();
    run.oneShot?.close();
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

/** Every expected request is there, in this order, with others in between. */
function contains(expected, list) {
  let at = 0;
  for (const one of expected) {
    const found = list.findIndex((item, index) => index >= at && differences(one, item).length === 0);
    assert.notEqual(found, -1, `not received: ${JSON.stringify(one)}; received ${JSON.stringify(list.map(({ operation, status, complete }) => ({ operation, status, complete })))}`);
    at = found + 1;
  }
}
