// The sandbox as users of the package start it for tests of their own.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, beforeEach, test } from 'node:test';
import { inspect } from 'node:util';

import { EidasVideoId, OneShotEidas, VideoIdError } from 'videoid';
import { Sandbox, useSandbox } from 'videoid/sandbox';

import { SIGNER } from './lib/one-shot-story.mjs';
import { binary } from './lib/sandbox.mjs';
import { REQUEST, pendingRequest } from './lib/story.mjs';

const program = binary();
const sandbox = useSandbox({ before, beforeEach, after }, { program });
let first;

test('a client finds it, and it remembers what it received', async () => {
  const ra = sandbox().client();
  const { pk } = await pendingRequest(ra);
  first = pk;
  assert.deepEqual((await sandbox().received()).map(({ operation }) => operation), ['get_first_unused_scratchcard', 'create_request']);
  assert.match(inspect(sandbox()), /^Sandbox \{/u);
  assert.ok(!inspect(sandbox().rao).includes(sandbox().rao.password));
});

test('it is empty before each test', async () => {
  assert.deepEqual(await sandbox().received(), []);
  await assert.rejects(sandbox().client().getRequest(first), { code: 'not_found' });
});

test('settings, faults, the user and the operator', async () => {
  await sandbox().settings({ external_auth: false });
  const ra = sandbox().client({ retry: { maxAttempts: 1 } });
  const flow = new EidasVideoId(ra);
  const { requestPk } = await flow.start(REQUEST);
  await sandbox().user(requestPk, 'finish');
  await sandbox().operator(requestPk, 'validate');
  assert.equal((await flow.waitForOperator({ deadlineMs: 5000 })).status, 'ENROLLREADY');
  await sandbox().faults({ operation: 'get_request', kind: 'drop' });
  await assert.rejects(ra.getRequest(requestPk), (error) => VideoIdError.is(error, 'connection_lost'));
  await sandbox().reset({ cards: 0 });
  await assert.rejects(ra.getFirstUnusedScratchcard(), { code: 'no_scratchcard' });
  await assert.rejects(sandbox().control('GET', '/nothing'), /GET \/nothing: 404/u);
});

test('the One-Shot API, its user and the signer', async () => {
  const { registrationAuthority } = sandbox().config();
  const eidas = new OneShotEidas(sandbox().oneShot({ registrationAuthority, dialect: 'legacy' }));
  const { handle } = await eidas.start(SIGNER);
  await sandbox().identify(handle.requestPk, 'finish');
  assert.equal((await eidas.waitForUser({ deadlineMs: 20_000 })).status, 'VIDEOREVIEW');
  assert.ok((await eidas.approve(sandbox().oneShotRao)).approved);
  await eidas.otp();
  assert.match(await sandbox().otp(handle.requestPk), /^\d+$/u);
  assert.equal((await sandbox().oneShot().createVideoid(SIGNER)).videoidLink || undefined, undefined, 'External VideoID has no link');
  assert.ok(!inspect(sandbox().oneShotRao).includes(sandbox().rao.password));
});

test('it ends when it is told to, and its arguments are looked at', async () => {
  const own = await Sandbox.start({ program, args: ['--cards', '1'] });
  const ra = own.client();
  await ra.getFirstUnusedScratchcard();
  await own.stop();
  await own[Symbol.asyncDispose]();
  await assert.rejects(ra.getFirstUnusedScratchcard({ timeout: 5000 }), (error) => error.category === 'transport');
  await assert.rejects(Sandbox.start({ program: process.execPath, args: ['--no-such-option'] }), /before it was ready/u);
  await assert.rejects(Sandbox.start({ program: '/nowhere/videoid-sandbox' }), { code: 'ENOENT' });
});

test('it does not keep a process alive, nor outlive one', () => {
  const source = "import { Sandbox } from 'videoid/sandbox'; const box = await Sandbox.start(); await box.client().getFirstUnusedScratchcard(); console.log('done');";
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', source], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, VIDEOID_SANDBOX: program },
  });
  assert.deepEqual([status, stdout, stderr], [0, 'done\n', '']);
});

test('a program that is not there is explained', () => {
  const { VIDEOID_SANDBOX: _, ...env } = process.env;
  const source = "import { Sandbox } from 'videoid/sandbox'; await Sandbox.start().catch((error) => console.log(error.code, error.message));";
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', source], { cwd: import.meta.dirname, encoding: 'utf8', env });
  assert.match(stdout, /^VIDEOID_SANDBOX_MISSING .*npm install --save-dev videoid-sandbox/u);
});
