// Packs what npm publishes: `node scripts/pack.mjs [DIR]` writes the tarballs of the package and of the sandbox, and of this platform's
// part of both, to DIR (default: packages). What is packed is what was built last. VIDEOID_PLATFORMS=all: the package and the sandbox name
// the parts of every platform, not only of this one; VIDEOID_TARGET: the platform is that of this Rust target.

import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { platform, platforms, program } from './platform.mjs';

const here = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const destination = resolve(process.argv[2] ?? join(here, 'packages'));
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const write = (path, value) => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);

const main = read(join(here, 'package.json'));
const addon = `videoid.${platform.name}.node`;
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

  // Every platform's part is an optional dependency of the same version; npm installs the one that fits.
  const named = process.env.VIDEOID_PLATFORMS === 'all' ? Object.values(platforms) : [platform];
  const optional = (of) => Object.fromEntries(named.map(({ name }) => [`${of}-${name}`, main.version]));
  // The part of this platform: one file, and what says where it fits.
  const part = (folder, of, what, file, from, more) => {
    const { name, title, os, cpu, libc } = platform;
    const fits = { os: [os], cpu: [cpu], ...(libc ? { libc: [libc] } : {}) };
    const { license, engines } = main;
    write(join(folder, 'package.json'), { name: `${of}-${name}`, version: main.version, description: `${what} for ${title}`, license, ...more, files: [file], engines, ...fits });
    const text = `# ${of}-${name}\n\n${what} for ${title}. It is installed with \`${of}\` and not meant to be used by itself.\n`;
    writeFileSync(join(folder, 'README.md'), text);
    cpSync(from, join(folder, file));
  };
  pack('main', (folder) => {
    const { devDependencies: _, scripts: __, ...published } = main;
    write(join(folder, 'package.json'), { ...published, optionalDependencies: optional(main.name) });
    for (const name of main.files) cpSync(join(here, name), join(folder, name), { recursive: true });
  });
  pack('platform', (folder) => part(folder, main.name, 'The native addon of `videoid`', addon, join(here, addon), { main: addon }));
  const sandbox = join(here, 'sandbox');
  pack('sandbox', (folder) => {
    const published = read(join(sandbox, 'package.json'));
    if (published.version !== main.version) throw new Error(`videoid-sandbox has version ${published.version}, the package ${main.version}`);
    write(join(folder, 'package.json'), { ...published, optionalDependencies: optional(published.name) });
    for (const name of published.files) cpSync(join(sandbox, name), join(folder, name));
  });
  pack('sandbox-platform', (folder) => {
    part(folder, 'videoid-sandbox', 'The program of `videoid-sandbox`', program, join(sandbox, 'dist', program), {});
    chmodSync(join(folder, program), 0o755);
  });
} finally {
  rmSync(staging, { recursive: true });
}
