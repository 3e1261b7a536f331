// Builds the addon with cargo and puts it beside package.json: `node scripts/native.mjs ci|release`.
// With VIDEOID_NATIVE_DIR, the folder of a library that is built already, it is only put there.

import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, renameSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { library, platform } from './platform.mjs';

const here = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const root = resolve(here, '..');
const profile = process.argv[2] ?? 'ci';
const target = process.env.CARGO_TARGET_DIR ? resolve(root, process.env.CARGO_TARGET_DIR) : join(root, 'target');
const ready = profile === 'ci' && process.env.VIDEOID_NATIVE_DIR && join(process.env.VIDEOID_NATIVE_DIR, library);

let built = join(target, profile, library);
if (ready && existsSync(ready)) {
  built = ready;
} else {
  execFileSync('cargo', ['build', '--profile', profile, '--package', 'videoid-node'], { cwd: root, stdio: 'inherit' });
}
// By way of a rename: a process that has the old one loaded keeps it.
const addon = join(here, `videoid.${platform}.node`);
copyFileSync(built, `${addon}.new`);
renameSync(`${addon}.new`, addon);
console.log(`videoid.${platform}.node from profile ${profile}`);
