// Packs what npm publishes: `node scripts/pack.mjs [DIR]` writes the tarballs of the package and of the sandbox, and of this platform's
// part of both, to DIR (default: packages). What is packed is what was built last.

import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { platform, program } from './platform.mjs';

const here = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const destination = resolve(process.argv[2] ?? join(here, 'packages'));
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const write = (path, value) => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);

const main = read(join(here, 'package.json'));
const addon = `videoid.${platform}.node`;
for (const needed of [addon, 'dist/index.mjs', join('sandbox/dist', program)]) {
  if (!existsSync(join(here, needed))) throw new Error(`${needed} is not there: npm run build:ci or npm run build first`);
}

const staging = mkdtempSync(join(tmpdir(), 'videoid-pack-'));
try {
  mkdirSync(destination, { recursive: true });
  const licences = readdirSync(resolve(here, '..')).filter((name) => name.startsWith('LICENSE'));
  const pack = (name, prepare) => {
    const folder = join(staging, name);
    mkdirSync(folder);
    prepare(folder);
    for (const licence of licences) cpSync(resolve(here, '..', licence), join(folder, licence));
    const file = execFileSync('npm', ['pack', '--silent', '--pack-destination', destination], { cwd: folder, encoding: 'utf8' }).trim();
    console.log(join(destination, file.split('\n').at(-1)));
  };

  // Every platform package is an optional dependency of the same version; npm installs the one that fits.
  const optional = (folder) => {
    const found = readdirSync(folder).map((name) => read(join(folder, name, 'package.json')));
    for (const { name, version } of found) if (version !== main.version) throw new Error(`${name} has version ${version}, the package ${main.version}`);
    return Object.fromEntries(found.map(({ name, version }) => [name, version]));
  };
  pack('main', (folder) => {
    const { devDependencies: _, scripts: __, ...published } = main;
    write(join(folder, 'package.json'), { ...published, optionalDependencies: optional(join(here, 'npm')) });
    for (const name of main.files) cpSync(join(here, name), join(folder, name), { recursive: true });
  });
  pack('platform', (folder) => {
    cpSync(join(here, 'npm', platform), folder, { recursive: true });
    cpSync(join(here, addon), join(folder, addon));
  });
  const sandbox = join(here, 'sandbox');
  pack('sandbox', (folder) => {
    const published = read(join(sandbox, 'package.json'));
    if (published.version !== main.version) throw new Error(`videoid-sandbox has version ${published.version}, the package ${main.version}`);
    write(join(folder, 'package.json'), { ...published, optionalDependencies: optional(join(sandbox, 'npm')) });
    for (const name of published.files) cpSync(join(sandbox, name), join(folder, name));
  });
  pack('sandbox-platform', (folder) => {
    cpSync(join(sandbox, 'npm', platform), folder, { recursive: true });
    cpSync(join(sandbox, 'dist', program), join(folder, program));
    chmodSync(join(folder, program), 0o755);
  });
} finally {
  rmSync(staging, { recursive: true });
}
