// Evidence in; exact bytes, report or error out: the same in every language.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { Evidence, VideoIdError, toWire } from 'videoid';

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
