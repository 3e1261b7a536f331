// Runs the tests with node:test: all but `*.alone.test.mjs`, or only those with the word `alone`, one file after the other.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../test');
const alone = process.argv[2] === 'alone';
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.test.mjs') && name.endsWith('.alone.test.mjs') === alone)
  .map((name) => join(folder, name));
// Files one after the other: each has a sandbox of its own, and the machines of the continuous build are small.
const { status } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', '--test-concurrency=1', ...files], { stdio: 'inherit' });
process.exit(status ?? 1);
