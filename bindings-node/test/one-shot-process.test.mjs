// What the One-Shot client and its workflows do to the process that they are in.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { before, beforeEach, test } from 'node:test';
import { Worker } from 'node:worker_threads';

import { SIGNER, externalRa } from './lib/one-shot-story.mjs';
import { program } from './lib/program.mjs';
import { sandbox } from './lib/sandbox.mjs';
import { EVIDENCE, VIDEO } from './lib/story.mjs';

let box;

before(async () => {
  box = await sandbox();
});
beforeEach(() => box.reset());

const config = (more) => JSON.stringify(box.oneShotConfig(more));

test('a process with an idle client and workflow ends by itself', async () => {
  const { code, signal, out } = await program(`
    import { Evidence, OneShot, OneShotExternal } from 'videoid';
    const oneShot = new OneShot(${config({ registrationAuthority: externalRa(box) })}, { hook: () => {} });
    const flow = new OneShotExternal(oneShot, { store: async () => {}, onEvent: () => {} });
    await flow.submit(${JSON.stringify(SIGNER)}, await Evidence.build(${JSON.stringify(EVIDENCE)}), ${JSON.stringify(VIDEO)}, { onProgress: () => {} });
    globalThis.kept = [oneShot, flow];
    console.log('done');
  `);
  assert.deepEqual({ code, signal, out }, { code: 0, signal: null, out: 'done\n' });
});

test('a wait for the user keeps the process alive, and the process may end in the middle of it', async () => {
  const start = `
    import { OneShot, OneShotEidas, WebhookInbox } from 'videoid';
    const flow = new OneShotEidas(new OneShot(${config()}, { hook: () => {} }));
    await flow.start(${JSON.stringify(SIGNER)});
    const inbox = new WebhookInbox();
  `;
  const waits = await program(`${start}
    flow.waitForUser({ deadlineMs: 300, pollMs: 50 }, { inbox }).catch(({ code }) => console.log(code));
  `);
  assert.deepEqual(waits, { code: 0, signal: null, out: 'wait_deadline\n' });
  const ends = await program(`${start}
    flow.waitForUser({ deadlineMs: 60_000, pollMs: 20 }, { inbox }).catch(() => {});
    setTimeout(() => process.exit(7), 200);
  `);
  assert.deepEqual(ends, { code: 7, signal: null, out: '' });
});

test('a worker may be terminated in the middle of a step', async () => {
  const source = `
    const { OneShot, OneShotEidas, WebhookInbox } = require('videoid');
    const inbox = new WebhookInbox();
    const flow = new OneShotEidas(new OneShot(${config()}, { hook: () => {} }), { store: async () => {}, onEvent: () => {} });
    flow.start(${JSON.stringify(SIGNER)}).then(({ handle }) => {
      flow.waitForUser({ deadlineMs: 60_000, pollMs: 10 }, { inbox });
      require('node:worker_threads').parentPort.postMessage('waits');
      const body = JSON.stringify({ request: handle.requestPk });
      for (;;) inbox.receive(body);
    });
  `;
  for (let round = 0; round < 4; round += 1) {
    const worker = new Worker(source, { eval: true });
    await once(worker, 'message');
    await new Promise((done) => setTimeout(done, 60 * round));
    assert.equal(await worker.terminate(), 1);
  }
});
