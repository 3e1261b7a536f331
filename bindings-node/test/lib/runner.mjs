// Runs one scenario of tests/scenarios against the package.

import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Bundle, Evidence, ExternalVideoId, OPERATIONS, RegistrationAuthority, VideoIdError, checkVideo, fromWire, nextSteps, toWire } from 'videoid';

import { differences, pointer } from './match.mjs';
import { fixture, sandbox } from './sandbox.mjs';
import { errorJson, evidenceInput, source, sourcePath } from './values.mjs';

const camel = (name) => name.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase());
const rows = new Map(Object.entries(OPERATIONS).map(([call, row]) => [row.name, { ...row, call }]));

/** The TLS part of the settings, where the sandbox speaks it. */
function tlsConfig(ready, args, { identity, trust }) {
  if (!args.includes('--tls') && !args.includes('--mutual-tls')) return {};
  const file = (name) => join(ready.pki_dir, name);
  const pairs = {
    client: ['client.pem', 'client.key'],
    expired: ['client-expired.pem', 'client-expired.key'],
    foreign: ['client-foreign.pem', 'client-foreign.key'],
    key_mismatch: ['client.pem', 'other.key'],
    encrypted: ['client.pem', 'client-encrypted.key', 'sandbox'],
    none: undefined,
  };
  const name = identity ?? 'client';
  assert.ok(name in pairs, `an identity that the runner does not know: ${name}`);
  const pair = pairs[name];
  const roots = { sandbox: { ca_file: file('ca.pem') }, foreign: { ca_file: file('foreign-ca.pem'), ca_only: true }, system: {} };
  const root = roots[trust ?? 'sandbox'];
  assert.ok(root, `a trust that the runner does not know: ${trust}`);
  const tls = { ...root, ...(pair ? { identity: { certificate_file: file(pair[0]), key_file: file(pair[1]), ...(pair[2] ? { password: pair[2] } : {}) } } : {}) };
  return { tls, upload_tls: args.includes('--upload-mutual-tls') ? tls : root };
}

class Run {
  constructor(scenario, sandboxed, temp) {
    this.scenario = scenario;
    this.sandbox = sandboxed;
    this.temp = temp;
    this.saved = new Map(Object.entries({ rao: sandboxed.ready.rao, ra: sandboxed.ready.ra.id }));
    this.objects = new Map();
    this.append = undefined;
  }

  /** A client as the scenario wants it; it may be refused. */
  client() {
    const { config = {}, url, ...identity } = this.scenario.client ?? {};
    const { ready } = this.sandbox;
    const unreachable = url === 'unreachable';
    const wire = {
      environment: 'custom',
      api_url: unreachable ? 'http://127.0.0.1:9/api/v1' : ready.ra_url,
      upload_url: unreachable ? 'http://127.0.0.1:9' : ready.upload_url,
      registration_authority: ready.ra.id,
      video_pk: 'request_pk',
      ...tlsConfig(ready, this.scenario.sandbox?.args ?? [], identity),
      ...this.resolve(config),
    };
    for (const [name, value] of Object.entries(wire)) if (value === null) delete wire[name];
    return new RegistrationAuthority(fromWire('RaConfig', wire));
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
    const need = (...known) => {
      for (const given of Object.keys(args)) assert.ok(known.includes(given), `${name}: an argument that the runner does not know: ${given}`);
    };
    const row = rows.get(name);
    if (row) {
      const optional = {};
      const values = [];
      need(...row.params.map((param) => param.name));
      for (const param of row.params) {
        const value = args[param.name];
        const converted = value === undefined || value === null ? undefined : this.argument(param.type, value);
        if (param.optional) optional[camel(param.name)] = converted;
        else values.push(converted);
      }
      this.ra ??= this.client();
      return this.ra[row.call](...values, { ...options, ...optional });
    }
    const rao = () => fromWire('RaoCredentials', args.rao);
    switch (name) {
      case 'new_client':
        need();
        this.ra = this.client();
        return undefined;
      case 'build_evidence':
        return Evidence.build(evidenceInput(args, (spec) => this.source(spec)), signalOnly(options));
      case 'check_evidence':
        return Evidence.check(evidenceInput(args, (spec) => this.source(spec)), signalOnly(options));
      case 'check_video':
        need('video', 'limits');
        return checkVideo(this.source(args.video), args.limits ? { limits: fromWire('Limits', args.limits) } : {});
      case 'save_bundle':
        need('dir', 'evidence', 'video');
        return Bundle.save(this.path(args.dir), this.object(args.evidence), args.video === undefined ? undefined : this.source(args.video));
      case 'load_bundle':
        need('dir');
        return Bundle.load(this.path(args.dir));
      case 'workflow_submit':
        need('request', 'evidence', 'video');
        return this.workflow().submit(fromWire('NewRequest', args.request), this.object(args.evidence), this.source(args.video), options);
      case 'workflow_validate':
        need('rao');
        return this.workflow().validate(rao(), options);
      case 'workflow_approve':
        need('rao');
        return this.workflow().approve(rao(), options);
      case 'workflow_refuse':
        need('rao', 'reason');
        return this.workflow().refuse(rao(), args.reason, options);
      case 'workflow_resume': {
        need('state');
        const state = args.state ?? this.workflow().state;
        this.ra = this.client();
        this.flow = ExternalVideoId.resume(this.ra, typeof state === 'string' ? state : JSON.stringify(state));
        return undefined;
      }
      case 'status_next_steps':
        need('status');
        return nextSteps(args.status);
      case 'parse':
        need('model', 'json');
        return fromWire(args.model, args.json);
      default:
        throw new Error(`a call that the runner does not know: ${name}`);
    }
  }

  workflow() {
    this.ra ??= this.client();
    this.flow ??= new ExternalVideoId(this.ra);
    return this.flow;
  }

  argument(type, value) {
    if (type === 'source') return this.source(value);
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
    if (step.file) return this.file(step.file);
    if (step.control) {
      const { method, path, body } = this.resolve(step.control);
      const result = await this.sandbox.control(method, path, body);
      if (step.save) this.save(step.save, result);
      if (step.expect?.result !== undefined) this.compare(this.resolve(step.expect.result), result);
      return undefined;
    }
    assert.ok(step.call, `a step that the runner does not know: ${JSON.stringify(step)}`);
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
      // A workflow makes two uploads and counts each from zero.
      const workflow = step.call.startsWith('workflow_');
      seen.reduce((last, now) => (assert.ok(now.sent >= last.sent || (workflow && now.total !== last.total), 'progress went back'), now));
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

function signalOnly({ signal }) {
  return signal ? { signal } : {};
}

/** A result as JSON of the wire. */
function wire(result) {
  if (result instanceof Evidence) return { content_length: result.contentLength, report: toWire(result.report) };
  if (result instanceof Bundle) return { manifest: toWire(result.manifest) };
  if (result === undefined || Array.isArray(result) || typeof result === 'string') return result;
  return toWire(result);
}

/** Runs a scenario; rejects where something differs. */
export async function runScenario(scenario) {
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

/** The scenarios that this package is to run. */
export function scenarios(folder, list) {
  const only = process.env.VIDEOID_SCENARIO;
  return list
    .filter((name) => name.endsWith('.json') && name !== 'schema.json')
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
    .filter((scenario) => scenario.target.includes('node') && (only === undefined || scenario.name === only));
}
