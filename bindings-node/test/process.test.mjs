// What the package does to the process that it is in.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { before, test } from 'node:test';
import { Worker } from 'node:worker_threads';

import { Evidence, RegistrationAuthority } from 'videoid';

import { program } from './lib/program.mjs';
import { sandbox } from './lib/sandbox.mjs';
import { EVIDENCE, IMAGES, REQUEST, VIDEO, pendingRequest } from './lib/story.mjs';

let box;
let config;

before(async () => {
  box = await sandbox();
  config = JSON.stringify(box.config());
});

test('a process with an idle client ends by itself', async () => {
  const { code, signal, out } = await program(`
    import { Evidence, ExternalVideoId, RegistrationAuthority } from 'videoid';
    const ra = new RegistrationAuthority(${config}, { hook: () => {} });
    const flow = new ExternalVideoId(ra, { store: async () => {}, onEvent: () => {} });
    await flow.submit(${JSON.stringify(REQUEST)}, await Evidence.build(${JSON.stringify(IMAGES)}), ${JSON.stringify(VIDEO)}, { onProgress: () => {} });
    globalThis.kept = [ra, flow];
    console.log('done');
  `);
  assert.deepEqual({ code, signal, out }, { code: 0, signal: null, out: 'done\n' });
});

test('a running call keeps the process alive until it is done', async () => {
  await box.faults({ operation: 'get_first_unused_scratchcard', when: 'before', kind: 'delay', ms: 500, times: 1 });
  const { code, out } = await program(`
    import { RegistrationAuthority } from 'videoid';
    new RegistrationAuthority(${config}).getFirstUnusedScratchcard().then(({ sn }) => console.log('card', typeof sn));
  `);
  assert.deepEqual({ code, out }, { code: 0, out: 'card string\n' });
});

test('a process may end in the middle of a call', async () => {
  await box.faults({ operation: 'get_first_unused_scratchcard', when: 'before', kind: 'delay', ms: 20_000, times: 1 });
  const { code, signal, out } = await program(`
    import { RegistrationAuthority } from 'videoid';
    new RegistrationAuthority(${config}, { hook: () => {} }).getFirstUnusedScratchcard({ onProgress: () => {} }).catch(() => {});
    setTimeout(() => process.exit(7), 200);
  `);
  assert.deepEqual({ code, signal, out }, { code: 7, signal: null, out: '' });
  await box.reset();
});

test('a wait keeps the process alive, a list that is left does not, and a process may end in the middle of either', async () => {
  const ra = new RegistrationAuthority(box.config());
  const { pk } = await pendingRequest(ra);
  const start = `
    import { RegistrationAuthority, WebhookInbox } from 'videoid';
    const ra = new RegistrationAuthority(${config});
    const inbox = new WebhookInbox();
  `;
  const waits = await program(`${start}
    ra.waitFor(${pk}, { statuses: ['CREATED'], deadlineMs: 300, pollMs: 50 }, { inbox }).catch(({ code }) => console.log(code));
  `);
  assert.deepEqual(waits, { code: 0, signal: null, out: 'wait_deadline\n' });
  const left = await program(`${start}
    globalThis.kept = [inbox, ra.requests()];
    for await (const { pk } of ra.requests()) { console.log(typeof pk); break; }
  `);
  assert.deepEqual(left, { code: 0, signal: null, out: 'number\n' });
  const ends = await program(`${start}
    ra.waitFor(${pk}, { statuses: ['CREATED'], deadlineMs: 60_000, pollMs: 20 }, { inbox }).catch(() => {});
    setTimeout(() => process.exit(7), 200);
  `);
  assert.deepEqual(ends, { code: 7, signal: null, out: '' });
});

test('a worker may be terminated while it waits', async () => {
  const { pk } = await pendingRequest(new RegistrationAuthority(box.config()));
  const source = `
    const { RegistrationAuthority, WebhookInbox } = require('videoid');
    const inbox = new WebhookInbox();
    new RegistrationAuthority(${config}, { hook: () => {} }).waitFor(${pk}, { statuses: ['CREATED'], deadlineMs: 60_000, pollMs: 10 }, { inbox });
    require('node:worker_threads').parentPort.postMessage('waits');
    for (;;) inbox.receive('{"request": ${pk}}');
  `;
  for (let round = 0; round < 5; round += 1) {
    const worker = new Worker(source, { eval: true });
    await once(worker, 'message');
    await new Promise((done) => setTimeout(done, 60 * round));
    assert.equal(await worker.terminate(), 1);
  }
});

test('workers load, use and unload the addon, also in the middle of a call', async () => {
  const source = (body) => `
    const { Evidence, RegistrationAuthority } = require('videoid');
    const { readFileSync } = require('node:fs');
    const { parentPort } = require('node:worker_threads');
    const ra = new RegistrationAuthority(${config}, { hook: () => {} });
    const images = Object.fromEntries(Object.entries(${JSON.stringify(IMAGES)}).map(([name, path]) => [name, readFileSync(path)]));
    (async () => { ${body} })();
  `;
  const start = (body) => new Worker(source(body), { eval: true });
  for (let round = 0; round < 5; round += 1) {
    const workers = Array.from({ length: 4 }, () => start("await (await Evidence.build(images)).sha256(); await ra.getFirstUnusedScratchcard(); parentPort.postMessage('done');"));
    const exits = await Promise.all(workers.map(async (worker) => (await Promise.all([once(worker, 'message'), once(worker, 'exit')])).flat()));
    assert.deepEqual(exits, Array.from({ length: 4 }, () => ['done', 0]));
  }
  await box.faults({ operation: 'get_first_unused_scratchcard', when: 'before', kind: 'delay', ms: 20_000, times: 10 });
  for (let round = 0; round < 5; round += 1) {
    const worker = start("const running = ra.getFirstUnusedScratchcard({ onProgress: () => {} }); parentPort.postMessage('running'); for (;;) await (await Evidence.build(images)).sha256();");
    await once(worker, 'message');
    await new Promise((done) => setTimeout(done, 20 * round));
    assert.equal(await worker.terminate(), 1);
  }
  await box.reset();
  // The addon still works here.
  const ra = new RegistrationAuthority(box.config());
  assert.equal(typeof (await ra.getFirstUnusedScratchcard()).sn, 'string');
});

test('the event loop goes on while evidence is built and sent', async () => {
  const ra = new RegistrationAuthority(box.config());
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 5);
  await Promise.all(Array.from({ length: 8 }, async () => (await Evidence.build(EVIDENCE)).sha256()));
  await ra.getFirstUnusedScratchcard();
  clearInterval(timer);
  // Not a measurement: work of this size on the event loop would stand in its way for whole tenths of a second.
  assert.ok(longest < 2000, `the event loop stood still for ${longest} ms`);
});
