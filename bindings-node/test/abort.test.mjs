// A cancelled upload ends on the wire: the service sees the connection close, under half of the bytes after it.

import assert from 'node:assert/strict';
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { AbortError, Evidence, RegistrationAuthority } from 'videoid';

import { writeJpeg, writeMp4 } from './lib/files.mjs';
import { sandbox } from './lib/sandbox.mjs';
import { EVIDENCE, pendingRequest } from './lib/story.mjs';

const BYTES = 400_000_000;
const temp = mkdtempSync(join(tmpdir(), 'videoid-abort-'));
let box;
let ra;

before(async () => {
  box = await sandbox(['--discard-uploads']);
  // It reads slowly, or on a busy machine half of the bytes would be there before this thread hears of the first.
  await box.faults(...['upload_video', 'upload_evidence'].map((operation) => ({ operation, kind: 'slow_reading', ms: 20 })));
  ra = new RegistrationAuthority(box.config());
});
after(() => rmSync(temp, { recursive: true }));

/** The request that the service received last, once it has noticed its end. */
async function seen(operation) {
  for (let tries = 0; tries < 100; tries += 1) {
    const found = (await box.received()).findLast((one) => one.operation === operation);
    if (found) return found;
    await new Promise((done) => setTimeout(done, 50));
  }
  return assert.fail(`the service saw no ${operation}`);
}

async function aborted(start) {
  const controller = new AbortController();
  const reason = new Error('the user closed the page');
  const error = await start({ signal: controller.signal, onProgress: ({ sent }) => sent > 1_000_000 && controller.abort(reason) }).then(
    () => assert.fail('it was not cancelled'),
    (thrown) => thrown,
  );
  assert.ok(error instanceof AbortError, String(error));
  assert.equal(error.cause, reason);
  return error;
}

test('an aborted video upload', async () => {
  const path = writeMp4(join(temp, 'video.mp4'), BYTES);
  const request = await pendingRequest(ra);
  const identifier = (await ra.getRequest(request.pk)).videoidData.videoIdentifier;
  for (const video of [() => path, () => ({ stream: createReadStream(path), length: BYTES })]) {
    await aborted((options) => ra.uploadVideo(identifier, video(), options));
    const { complete, bytes_read: read } = await seen('upload_video');
    assert.equal(complete, false);
    assert.ok(read < BYTES / 2, `${read} of ${BYTES} bytes arrived`);
    await box.control('DELETE', '/received');
  }
});

test('a stream that stands still is let go with the call', async () => {
  const request = await pendingRequest(ra);
  const identifier = (await ra.getRequest(request.pk)).videoidData.videoIdentifier;
  let cancelled = false;
  const stream = new ReadableStream({
    start: (controller) => controller.enqueue(new Uint8Array(2_000_000)),
    pull: () => new Promise(() => undefined),
    cancel: () => {
      cancelled = true;
    },
  });
  const error = await ra.uploadVideo(identifier, { stream, length: 4_000_000 }, { signal: AbortSignal.timeout(300) }).then(
    () => assert.fail('it was not cancelled'),
    (thrown) => thrown,
  );
  assert.deepEqual([error.name, error.cause.name], ['AbortError', 'TimeoutError']);
  await new Promise((done) => setTimeout(done, 50));
  assert.ok(cancelled, 'the stream was not cancelled');
});

test('an aborted evidence upload', async () => {
  const image = writeJpeg(join(temp, 'image.jpg'), 20_000_000);
  const request = await pendingRequest(ra);
  for (const front of [image, readFileSync(image)]) {
    const evidence = await Evidence.build({ ...EVIDENCE, documentFront: front, documentRear: image, documentPhoto: image, documentOwner: image });
    await box.control('DELETE', '/received');
    await aborted((options) => ra.uploadEvidence(request.pk, evidence, options));
    const { complete, bytes_read: read } = await seen('upload_evidence');
    assert.equal(complete, false);
    assert.ok(read < evidence.contentLength / 2, `${read} of ${evidence.contentLength} bytes arrived`);
  }
});
