// The packed package, installed where nothing else is.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { rolldown } from 'rolldown';

import { REPO, sandbox } from './lib/sandbox.mjs';
import { IMAGES, REQUEST, VIDEO } from './lib/story.mjs';

const here = join(REPO, 'bindings-node');
const place = mkdtempSync(join(tmpdir(), 'videoid-install-'));
const packs = join(place, 'packs');
const clean = join(place, 'clean');
const alone = join(place, 'alone');
let tarballs;

function npmInstall(folder, packages, ...more) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', '--silent', ...more, ...packages], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
}

before(() => {
  execFileSync(process.execPath, [join(here, 'scripts/pack.mjs'), packs], { stdio: ['ignore', 'pipe', 'inherit'] });
  tarballs = readdirSync(packs).map((name) => join(packs, name));
  assert.equal(tarballs.length, 4);
  npmInstall(clean, tarballs);
  npmInstall(alone, tarballs.filter((name) => /videoid-(?:sandbox-)?\d/u.test(name)), '--omit=optional');
});
after(() => rmSync(place, { recursive: true, force: true }));

function run(folder, file, source) {
  writeFileSync(join(folder, file), source);
  return spawnSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' });
}

test('ESM and CommonJS run the flow from the installed package, and share their classes', async () => {
  const box = await sandbox();
  const flow = `
    const flow = new ExternalVideoId(new RegistrationAuthority(${JSON.stringify(box.config())}));
    const { status } = await flow.submit(${JSON.stringify(REQUEST)}, await Evidence.build(${JSON.stringify(IMAGES)}), ${JSON.stringify(VIDEO)});
    console.log(status);
  `;
  const names = '{ Evidence, ExternalVideoId, RegistrationAuthority }';
  const esm = run(clean, 'esm.mjs', `import ${names} from 'videoid';\n${flow}`);
  assert.deepEqual([esm.status, esm.stdout, esm.stderr], [0, 'VIDEOREVIEW\n', '']);
  const cjs = run(clean, 'cjs.cjs', `const ${names} = require('videoid');\n(async () => {${flow}})();`);
  assert.deepEqual([cjs.status, cjs.stdout, cjs.stderr], [0, 'VIDEOREVIEW\n', '']);
  const both = run(clean, 'both.mjs', `
    import * as esm from 'videoid';
    import { createRequire } from 'node:module';
    const cjs = createRequire(import.meta.url)('videoid');
    console.log(Object.keys(cjs).every((name) => esm[name] === cjs[name]), Object.keys(cjs).length === Object.keys(esm).length);
  `);
  assert.equal(both.stdout, 'true true\n');
});

test('the installed sandbox is found, starts, and is what a client speaks to', () => {
  const { VIDEOID_SANDBOX: _, ...env } = process.env;
  const use = "const box = await Sandbox.start(); console.log(typeof (await box.client().getFirstUnusedScratchcard()).sn); await box.stop();";
  writeFileSync(join(clean, 'box.mjs'), `import { Sandbox } from 'videoid/sandbox';\n${use}`);
  writeFileSync(join(clean, 'box.cjs'), `const { Sandbox } = require('videoid/sandbox');\n(async () => { ${use} })();`);
  for (const file of ['box.mjs', 'box.cjs']) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], { cwd: clean, encoding: 'utf8', env });
    assert.deepEqual([status, stdout, stderr], [0, 'string\n', ''], file);
  }
  const { stdout } = spawnSync(join(clean, 'node_modules/.bin/videoid-sandbox'), ['--version'], { encoding: 'utf8' });
  assert.match(stdout, /\d+\.\d+\.\d+/u);
});

test('the lines of the README run as they stand, as ESM and as CommonJS, on nothing but what was installed', () => {
  const [, lines] = /^## Ten lines\n\n```js\n([\s\S]*?)^```$/mu.exec(readFileSync(join(here, 'README.md'), 'utf8'));
  const shown = [...readFileSync(join(REPO, 'README.md'), 'utf8').matchAll(/^```js\n([\s\S]*?)^```$/gmu)].map(([, block]) => block);
  assert.ok(shown.includes(lines), 'both READMEs show the same lines');
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(here, 'scripts/try.mjs'), packs], { encoding: 'utf8' });
  assert.deepEqual([status, stdout, stderr], [0, 'lines.mjs: ENROLLREADY\nlines.cjs: ENROLLREADY\n', '']);
});

test('exports and types are what publint and "are the types wrong?" want', async () => {
  const names = readdirSync(join(clean, 'node_modules')).filter((name) => name.startsWith('videoid'));
  assert.equal(names.length, 4);
  for (const name of names) {
    const { messages, pkg } = await publint({ pkgDir: join(clean, 'node_modules', name), pack: false, level: 'warning', strict: true });
    assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), [], name);
  }
  // Those of a platform have no types.
  for (const tarball of tarballs.filter((path) => /videoid-(?:sandbox-)?\d/u.test(path))) {
    const { types, problems } = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))));
    assert.ok(types, tarball);
    // Before Node 16 nobody knew `exports`; what is asked for is Node 20.
    assert.deepEqual(problems.filter(({ resolutionKind }) => resolutionKind !== 'node10'), [], tarball);
  }
});

test('a bundler leaves it out when it is told to, as the README says', async () => {
  writeFileSync(join(clean, 'bundled.mjs'), "import { VERSION } from 'videoid';\nimport { Sandbox } from 'videoid/sandbox';\nconsole.log(VERSION, typeof Sandbox);\n");
  const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
  const bundle = await rolldown({ cwd: clean, input: 'bundled.mjs', platform: 'node', external: ['videoid', /^videoid\//u] });
  for (const [format, file] of [['esm', 'bundle.mjs'], ['cjs', 'bundle.cjs']]) {
    await bundle.write({ format, file: join(clean, file) });
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], { cwd: clean, encoding: 'utf8' });
    assert.deepEqual([status, stdout, stderr], [0, `${version} function\n`, ''], format);
  }
  await bundle.close();
});

test('tests in Vitest have a sandbox of their own, by the lines of the README', () => {
  const [, lines] = /^## Tests of your own in Vitest\n\n```js\n([\s\S]*?)^```$/mu.exec(readFileSync(join(here, 'README.md'), 'utf8'));
  symlinkSync(join(here, 'node_modules/vitest'), join(clean, 'node_modules/vitest'));
  writeFileSync(join(clean, 'readme.test.mjs'), lines);
  const more = `
    import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
    import { VideoIdError } from 'videoid';
    import { Sandbox, useSandbox } from 'videoid/sandbox';
    const sandbox = useSandbox({ beforeAll, beforeEach, afterAll }, { args: ['--cards', '2'] });
    let first;
    test('it runs and is used', async () => {
      first = sandbox().controlUrl;
      expect(sandbox()).toBeInstanceOf(Sandbox);
      await sandbox().client().getFirstUnusedScratchcard();
      expect(await sandbox().received()).toHaveLength(1);
    });
    test('it is the same one, and empty', async () => {
      expect(sandbox().controlUrl).toBe(first);
      expect(await sandbox().received()).toEqual([]);
      await expect(sandbox().client().getRequest(1)).rejects.toSatisfy((error) => VideoIdError.is(error, 'not_found'));
    });
  `;
  writeFileSync(join(clean, 'more.test.mjs'), more);
  const { VIDEOID_SANDBOX: _, ...env } = process.env;
  const args = [join(here, 'node_modules/vitest/vitest.mjs'), 'run', '--root', clean, '--reporter=json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: clean, encoding: 'utf8', env: { ...env, CI: '1' } });
  assert.equal(status, 0, stdout + stderr);
  const { numPassedTests, numTotalTests, numPassedTestSuites } = JSON.parse(stdout.slice(stdout.indexOf('{')));
  assert.deepEqual([numPassedTests, numTotalTests, numPassedTestSuites], [3, 3, 2]);
});

test('the types fit both kinds of module', () => {
  const source = `
    const ra = new RegistrationAuthority({ environment: 'custom', apiUrl: 'http://127.0.0.1:1/api/v1', uploadUrl: 'http://127.0.0.1:1' });
    export async function story(): Promise<string | undefined> {
      const evidence: Evidence = await Evidence.build({ documentFront: 'front.jpg', similarityLevel: 'high' });
      const request: Request = await ra.createRequest({ profile: 'P', email: 'anna@example.com', scratchcard: 'x' }, { timeout: 5000 });
      const plain: RequestPk = 7;
      await ra.uploadEvidence(plain, evidence, { signal: AbortSignal.timeout(5), onProgress: ({ sent }) => console.log(sent) });
      // @ts-expect-error the key of a VideoID is not the key of a request
      await ra.uploadEvidence(request.videoidData!.pk!, evidence);
      // @ts-expect-error e-mail is needed
      await ra.createRequest({ profile: 'P' });
      const status: Status = request.status;
      return status === 'VIDEOREVIEW' ? status : undefined;
    }
    try { ra.close(); } catch (error) { if (VideoIdError.is(error, 'client_closed')) console.log(error.category, error.fields[0]?.rule); }
  `;
  const names = 'Evidence, RegistrationAuthority, VideoIdError, type Request, type RequestPk, type Status';
  writeFileSync(join(clean, 'types.mts'), `import { ${names} } from 'videoid';\n${source}`);
  writeFileSync(join(clean, 'types.cts'), `import { ${names} } from 'videoid';\n${source}`);
  writeFileSync(join(clean, 'box.mts'), "import { Sandbox, useSandbox } from 'videoid/sandbox';\nimport { after, before, beforeEach } from 'node:test';\nexport const box: () => Sandbox = useSandbox({ before, beforeEach, after });\n");
  cpSync(join(here, 'node_modules/@types'), join(clean, 'node_modules/@types'), { recursive: true });
  if (existsSync(join(here, 'node_modules/undici-types'))) cpSync(join(here, 'node_modules/undici-types'), join(clean, 'node_modules/undici-types'), { recursive: true });
  const args = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--module', 'node16', '--lib', 'es2023,esnext.disposable', '--types', 'node', 'types.mts', 'types.cts', 'box.mts'];
  const tsc = spawnSync(process.execPath, [join(here, 'node_modules/typescript/bin/tsc'), ...args], { cwd: clean, encoding: 'utf8' });
  assert.equal(tsc.status, 0, tsc.stdout + tsc.stderr);
});

test('a missing platform package is explained, the sandbox\'s too', () => {
  for (const [file, source] of [['missing.cjs', "require('videoid');"], ['missing.mjs', "import 'videoid';"]]) {
    const { status, stderr } = run(alone, file, source);
    assert.notEqual(status, 0);
    assert.match(stderr, /VIDEOID_NATIVE_MISSING/u);
    assert.match(stderr, /It comes in the package videoid-\S+, an optional dependency/u);
  }
  const { stderr } = run(alone, 'program.cjs', "require('videoid-sandbox').program();");
  assert.match(stderr, /VIDEOID_SANDBOX_MISSING/u);
  assert.match(stderr, /videoid-sandbox-\S+, an optional dependency/u);
});

test('an addon that cannot be loaded is told from one that is not there', () => {
  const [name] = Object.keys(JSON.parse(readFileSync(join(clean, 'node_modules/videoid/package.json'), 'utf8')).optionalDependencies);
  const folder = join(alone, 'node_modules', name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '0.0.1', main: 'addon.node' }));
  writeFileSync(join(folder, 'addon.node'), 'no library');
  const { stderr } = run(alone, 'unusable.cjs', "require('videoid');");
  assert.match(stderr, /VIDEOID_NATIVE_UNUSABLE/u);
  assert.match(stderr, /is there but cannot be loaded: .*addon\.node/u);
});

test('the packages hold what they should and run nothing when they are installed', () => {
  const read = (name) => JSON.parse(readFileSync(join(clean, 'node_modules', name, 'package.json'), 'utf8'));
  const main = read('videoid');
  assert.equal(main.scripts, undefined);
  assert.deepEqual(Object.values(main.optionalDependencies), [main.version]);
  const [platform] = Object.keys(main.optionalDependencies);
  assert.equal(read(platform).version, main.version);
  assert.ok(!readdirSync(join(clean, 'node_modules/videoid')).some((name) => name.endsWith('.node')));
});
