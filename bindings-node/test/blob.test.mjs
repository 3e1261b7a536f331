// Blobs: read in pieces, from their start each time, and let go when nobody reads any more.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { appendFileSync, copyFileSync, mkdtempSync, openAsBlob, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Worker } from 'node:worker_threads';

import { AbortError, Bundle, Evidence, RegistrationAuthority, Source, VideoIdError, checkVideo } from 'videoid';

import { writeJpeg, writeMp4 } from './lib/files.mjs';
import { sandbox } from './lib/sandbox.mjs';
import { EVIDENCE, IMAGES, VIDEO, pendingRequest } from './lib/story.mjs';

const temp = mkdtempSync(join(tmpdir(), 'videoid-blob-'));
let box;
let ra;

before(async () => {
  box = await sandbox();
  ra = new RegistrationAuthority(box.config());
});
after(() => rmSync(temp, { recursive: true }));

const thrown = (promise) => promise.then(() => assert.fail('it went well'), (error) => error);
const identifier = async () => (await ra.getRequest((await pendingRequest(ra)).pk)).videoidData.videoIdentifier;

test('a blob and a File are looked at, sent and sent again, in memory and on disk', async () => {
  const bytes = readFileSync(VIDEO);
  for (const blob of [new Blob([bytes.subarray(0, 100), bytes.subarray(100)]), new File([bytes], 'anna.mp4'), await openAsBlob(VIDEO), new Blob(['x', bytes]).slice(1)]) {
    await box.reset();
    const { checked, bytes: size } = await checkVideo(blob);
    assert.deepEqual([checked, size], [true, bytes.length]);
    const source = Source.blob(blob);
    const video = await identifier();
    for (let time = 0; time < 2; time += 1) await ra.uploadVideo(video, source);
    const sent = (await box.received()).filter(({ operation }) => operation === 'upload_video');
    assert.deepEqual(sent.map(({ complete, body }) => [complete, body[0].bytes]), [[true, bytes.length], [true, bytes.length]]);
    assert.equal(sent[0].body[0].sha256, sent[1].body[0].sha256);
  }
});

test('a bundle is saved from blobs', async () => {
  const images = Object.fromEntries(await Promise.all(Object.entries(IMAGES).map(async ([name, path]) => [name, await openAsBlob(path)])));
  const blobs = await Evidence.build({ ...EVIDENCE, ...images });
  await Bundle.save(join(temp, 'bundle'), blobs, new Blob([readFileSync(VIDEO)]));
  const { evidence, manifest } = await Bundle.load(join(temp, 'bundle'));
  assert.equal(await evidence.sha256(), await (await Evidence.build(EVIDENCE)).sha256());
  assert.ok(manifest.files.some(({ bytes }) => bytes === readFileSync(VIDEO).length));
});

test('one that changes on disk is no longer read, and the error says why', async () => {
  const path = join(temp, 'changing.mp4');
  copyFileSync(VIDEO, path);
  const blob = await openAsBlob(path);
  appendFileSync(path, 'more');
  const error = await thrown(ra.uploadVideo(await identifier(), blob));
  assert.ok(VideoIdError.is(error, 'source_unreadable'), String(error));
  assert.equal(error.cause.name, 'NotReadableError');
  const built = await thrown(Evidence.build({ documentFront: blob }));
  assert.deepEqual([built.code, built.cause.name], ['source_unreadable', 'NotReadableError']);
  assert.throws(() => Source.blob('text'), { code: 'field_invalid' });
});

test('an upload that is aborted in the middle lets the blob go', async () => {
  const blob = await openAsBlob(writeMp4(join(temp, 'large.mp4'), 60_000_000));
  const controller = new AbortController();
  const read = await identifier();
  const error = await thrown(ra.uploadVideo(read, blob, { signal: controller.signal, onProgress: ({ sent }) => sent > 1_000_000 && controller.abort() }));
  assert.ok(error instanceof AbortError, String(error));
});

test('a worker may be terminated while its blobs are read', async () => {
  const image = writeJpeg(join(temp, 'image.jpg'), 8_000_000);
  const source = `
    const { Evidence } = require('videoid');
    const { parentPort } = require('node:worker_threads');
    const { openAsBlob, readFileSync } = require('node:fs');
    (async () => {
      const evidence = await Evidence.build({ documentFront: await openAsBlob(${JSON.stringify(image)}), documentRear: new Blob([readFileSync(${JSON.stringify(image)})]) });
      parentPort.postMessage('built');
      for (;;) await Promise.all([evidence.sha256(), evidence.sha256()]);
    })();
  `;
  for (let round = 0; round < 5; round += 1) {
    const worker = new Worker(source, { eval: true });
    await once(worker, 'message');
    await new Promise((done) => setTimeout(done, 7 * round));
    assert.equal(await worker.terminate(), 1);
  }
  assert.ok((await (await Evidence.build({ documentFront: await openAsBlob(image) })).sha256()).length === 64);
});
