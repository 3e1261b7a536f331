// Evidence in; exact bytes, report or error out: the same in every language.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { Evidence, VideoIdError, fromWire, toWire } from 'videoid';

import { rebuild } from '../dist/errors.js';
import { differences } from './lib/match.mjs';
import { REPO } from './lib/sandbox.mjs';
import { errorJson, evidenceInput, source } from './lib/values.mjs';

const folder = join(REPO, 'tests/vectors/evidence');
const temp = mkdtempSync(join(tmpdir(), 'videoid-vectors-'));
after(() => rmSync(temp, { recursive: true }));

/** Texts of an input that no error may show. */
function secrets(value) {
  if (typeof value === 'string') return value.length > 3 ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secrets) : [];
}

for (const file of readdirSync(folder).filter((name) => name.endsWith('.json')).sort()) {
  const vector = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  test(`vector ${vector.name}`, async () => {
    const input = () => evidenceInput(vector.input, (spec) => source(spec, temp));
    const { expect } = vector;
    if (expect.report) assert.deepEqual(toWire(await Evidence.check(input())), expect.report);
    if (expect.error) {
      const error = await Evidence.build(input()).then(
        () => assert.fail('it was built'),
        (thrown) => thrown,
      );
      assert.ok(VideoIdError.is(error), String(error));
      const { code, category, wire, fields } = errorJson(error);
      assert.deepEqual({ code, category, wire, fields }, expect.error);
      for (const secret of secrets(vector.input.ocr_data)) assert.ok(!error.message.includes(secret), error.message);
      return;
    }
    const evidence = await Evidence.build(input());
    assert.equal(evidence.contentLength, expect.length);
    assert.equal(await evidence.sha256(), expect.sha256);
    const body = join(temp, `${vector.name}.json`);
    await evidence.writeJson(body);
    if (expect.body_file) assert.deepEqual(readFileSync(body), readFileSync(join(folder, expect.body_file)));
    else assert.equal(readFileSync(body).length, expect.length);
  });
}

// What the service's documents show of its answers. The reader is the core's; the addon has it for this test alone.
const { parseAnswer } = createRequire(import.meta.url)('../native.cjs');
const vendor = join(REPO, 'tests/vectors/vendor');

for (const file of readdirSync(vendor).filter((name) => name.endsWith('.json')).sort()) {
  const vector = JSON.parse(readFileSync(join(vendor, file), 'utf8'));
  test(`vendor vector ${vector.name}`, () => {
    const parse = () => parseAnswer(vector.operation, vector.http_status, Buffer.from(vector.body));
    if (vector.kind === 'error') {
      assert.throws(parse, (thrown) => {
        const error = rebuild(thrown);
        assert.ok(VideoIdError.is(error), String(error));
        assert.deepEqual(differences(vector.expect.error, { ...errorJson(error), server_text: error.serverText }), []);
        return true;
      });
      return;
    }
    const json = JSON.parse(parse());
    assert.deepEqual(differences(vector.expect.json, json), []);
    // As a value of the package, and back.
    assert.deepEqual(toWire(fromWire(vector.expect.model, json)), json);
  });
}
