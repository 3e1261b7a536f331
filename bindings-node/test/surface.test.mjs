// What the package exposes is whole and hangs together.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import * as videoid from 'videoid';

import { REPO } from './lib/sandbox.mjs';
import { dist, models, surface } from './surface.mjs';

test('the surface is that of the core', async () => {
  const found = await surface();
  const named = [...readFileSync(join(REPO, 'core/src/operations.rs'), 'utf8').matchAll(/ra\("([a-z_]+)"/gu)].map(([, name]) => name);
  const camel = (name) => name.replaceAll(/_(\w)/gu, (_, letter) => letter.toUpperCase());
  assert.ok(named.length > 10);
  assert.deepEqual(Object.keys(videoid.OPERATIONS).sort(), named.map(camel).sort());
  const more = ['clientCertificate', 'replaceIdentity', 'requests', 'scratchcards', 'waitFor'];
  assert.deepEqual(found.operations, [...named.map(camel), ...more].sort());
  const oneShot = [...readFileSync(join(REPO, 'core/src/operations.rs'), 'utf8').matchAll(/\bone\(\s*"([a-z_]+)"/gu)].map(([, name]) => camel(name));
  assert.ok(oneShot.length > 30);
  assert.deepEqual(Object.keys(videoid.ONE_SHOT_OPERATIONS).sort(), oneShot.sort());
  assert.deepEqual(found.one_shot_operations, oneShot);
  assert.deepEqual(found.options, ['onProgress', 'signal', 'timeout']);
  // `cargo xtask parity` compares it with what every language must expose.
  const folder = join(REPO, 'target/surface');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'node.json'), execFileSync(process.execPath, [join(import.meta.dirname, 'surface.mjs')]));
});

test('the error codes are those of the core', () => {
  const codes = readFileSync(join(REPO, 'core/src/error/codes.rs'), 'utf8');
  const wanted = Object.fromEntries([...codes.matchAll(/\w+ = "([a-z_]+)", (\w+);/gu)].map(([, code, category]) => [code, category.toLowerCase()]));
  assert.ok(Object.keys(wanted).length > 30);
  assert.deepEqual(Object.fromEntries(Object.entries(videoid.ERROR_CODES).map(([code, { category }]) => [code, category])), wanted);
});

test('the types name the fields that are checked when a call is made', () => {
  const folder = join(dist, 'generated/models');
  const declared = {};
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.d.ts'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    const [, name] = /^export interface (\w+)/mu.exec(text);
    declared[name] = [...text.matchAll(/^ {4}(\w+)\??:/gmu)].map(([, field]) => field).sort();
  }
  assert.deepEqual(declared, models());
});

test('every exported type is documented', () => {
  const undocumented = [];
  for (const file of readdirSync(dist, { recursive: true }).filter((name) => name.endsWith('.d.ts') && !/native|shape|call|options\.js/u.test(name))) {
    const lines = readFileSync(join(dist, file), 'utf8').split('\n');
    lines.forEach((line, at) => {
      const [, name] = /^export (?:declare )?(?:abstract )?(?:class|interface|function) (\w+)/u.exec(line) ?? [];
      if (name && !/\*\/$/u.test(lines[at - 1] ?? '')) undocumented.push(`${file}: ${name}`);
    });
  }
  assert.deepEqual(undocumented, []);
});

test('import and require give the same classes', () => {
  const required = createRequire(import.meta.url)('videoid');
  assert.deepEqual(Object.keys(videoid).sort(), Object.keys(required).filter((name) => name !== '__esModule').sort());
  for (const name of Object.keys(videoid)) assert.equal(videoid[name], required[name], name);
});

test('what is made by the package cannot be made by hand', () => {
  for (const kind of [videoid.Evidence, videoid.Bundle, videoid.Source]) assert.throws(() => new kind(), TypeError);
});
