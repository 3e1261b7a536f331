// Builds the addon and the sandbox with cargo and puts them where they are packed from: `node scripts/native.mjs ci|release`.
//
// VIDEOID_NATIVE_DIR   a folder where both are built already with the profile ci: they are only put there
// VIDEOID_TARGET       the Rust target to build for; default: this machine
// VIDEOID_ZIG          with any value: cargo-zigbuild links, for another Linux than this one
// VIDEOID_GLIBC        the oldest C library that it is to run on then, for example 2.17

import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { library, platform, program, target as triple } from './platform.mjs';

const here = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const root = resolve(here, '..');
const profile = process.argv[2] ?? 'ci';
const target = process.env.CARGO_TARGET_DIR ? resolve(root, process.env.CARGO_TARGET_DIR) : join(root, 'target');
const given = profile === 'ci' ? process.env.VIDEOID_NATIVE_DIR : undefined;
const glibc = process.env.VIDEOID_ZIG && process.env.VIDEOID_GLIBC;

let folder = join(target, triple ?? '', profile);
if (given && [library, program].every((name) => existsSync(join(given, name)))) {
  folder = given;
} else {
  const how = [process.env.VIDEOID_ZIG ? 'zigbuild' : 'build', ...(triple ? ['--target', glibc ? `${triple}.${glibc}` : triple] : [])];
  execFileSync('cargo', [...how, '--locked', '--profile', profile, '--package', 'videoid-node', '--package', 'videoid-sandbox'], { cwd: root, stdio: 'inherit' });
}
// Without the symbols that only debuggers read, which are most of a file and would be packed and unpacked again and again.
const stripped = (from, to) => process.platform === 'linux' && spawnSync('strip', ['--strip-all', '-o', to, from]).status === 0;
// By way of a rename: a process that has the old one loaded keeps it.
const put = (from, to) => {
  if (!stripped(from, `${to}.new`)) copyFileSync(from, `${to}.new`);
  chmodSync(`${to}.new`, 0o755);
  renameSync(`${to}.new`, to);
};
put(join(folder, library), join(here, `videoid.${platform.name}.node`));
mkdirSync(join(here, 'sandbox/dist'), { recursive: true });
put(join(folder, program), join(here, 'sandbox/dist', program));
console.log(`videoid.${platform.name}.node and ${program} from profile ${profile}`);
