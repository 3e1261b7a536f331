// Tries packed tarballs where nothing else is: `node scripts/try.mjs DIR` installs them into an empty folder, starts the packed sandbox
// and lets the ten lines of the README, as ESM and as CommonJS, reach ENROLLREADY. It needs nothing of this folder but the README.

import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const packs = resolve(process.argv[2] ?? 'packages');
const place = mkdtempSync(join(tmpdir(), 'videoid-try-'));

const { VIDEOID_SANDBOX: _, ...env } = process.env;

/** Runs a program in the folder, and gives what it printed. */
async function run(file, more) {
  const child = spawn(process.execPath, [file], { cwd: place, env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (piece) => (out += piece));
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`${file} ended with ${status}: ${out}`);
  return out;
}

try {
  writeFileSync(join(place, 'package.json'), '{ "private": true }\n');
  const tarballs = readdirSync(packs).filter((name) => name.endsWith('.tgz')).map((name) => join(packs, name));
  const npm = ['install', '--offline', '--no-audit', '--no-fund', '--silent', ...tarballs];
  execFileSync('npm', npm, { cwd: place, stdio: 'inherit', shell: process.platform === 'win32' });

  const specimen = (name) => join(root, 'tests/fixtures', name);
  const files = { 'front.jpg': 'specimen/document_front.jpg', 'rear.jpg': 'specimen/document_rear.jpg', 'selfie.jpg': 'specimen/document_owner.jpg', 'video.mp4': 'specimen.mp4' };
  for (const [to, from] of Object.entries(files)) cpSync(specimen(from), join(place, to));
  const [, lines] = /^## Ten lines\n\n```js\n([\s\S]*?)^```$/mu.exec(readFileSync(join(root, 'bindings-node/README.md'), 'utf8').replaceAll('\r\n', '\n'));
  const officer = 'const { username, password, pin } = JSON.parse(process.env.OFFICER);\n';
  const required = lines.replace(/^import (\{.*\}) from 'videoid';$/mu, "const $1 = require('videoid');");
  if (required === lines) throw new Error('the ten lines of the README do not begin with their import');
  writeFileSync(join(place, 'lines.mjs'), officer + lines);
  writeFileSync(join(place, 'lines.cjs'), `(async () => {\n${officer}${required}})();\n`);

  delete process.env.VIDEOID_SANDBOX;
  const { Sandbox } = createRequire(join(place, 'package.json'))('videoid/sandbox');
  const box = await Sandbox.start();
  try {
    const { apiUrl, uploadUrl, registrationAuthority, videoPk } = box.config();
    const { username, password, pin } = box.rao;
    const settings = {
      VIDEOID_ENVIRONMENT: 'custom', VIDEOID_RA: registrationAuthority, VIDEOID_VIDEO_PK: videoPk,
      VIDEOID_RA_URL: apiUrl, VIDEOID_UPLOAD_URL: uploadUrl, OFFICER: JSON.stringify({ username, password, pin }),
    };
    for (const file of ['lines.mjs', 'lines.cjs']) {
      const out = await run(file, settings);
      if (out !== 'ENROLLREADY\n') throw new Error(`${file} printed ${out}`);
      console.log(`${file}: ${out.trim()}`);
    }
  } finally {
    await box.stop();
  }
} finally {
  rmSync(place, { recursive: true, force: true, maxRetries: 3 });
}
