// Sends or reads much, in a process of its own. It says `ready` once all is warm and begins when it is told to; the process that
// started it looks at its memory from outside. Run by memory.alone.test.mjs.

import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { Evidence, RegistrationAuthority } from 'videoid';

const lines = createInterface({ input: process.stdin });
const [first] = await once(lines, 'line');
const given = JSON.parse(first);
const ra = new RegistrationAuthority(given.settings);
const onProgress = () => {};

const send = async (at, images, video) => {
  const request = await ra.getRequest(given.pks[at]);
  await ra.uploadEvidence(request.pk, await Evidence.build(images), { onProgress });
  await ra.uploadVideo(request.videoidData.videoIdentifier, video, { onProgress });
};
const read = async (at, least) => {
  const { videoidData } = await ra.getRequest(given.pks[at]);
  const length = videoidData.data.images.reduce((sum, image) => sum + image.base64Length, 0);
  if (length < least) throw new Error(`only ${length} characters of images`);
};

// Threads, buffers and compiled code are there afterwards, in the control process too.
await send(0, given.small, given.small_video);
for (let i = 0; i < 3; i += 1) await read(0, 1);
console.log('ready');
await once(lines, 'line');
const began = performance.now();
switch (given.what) {
  case 'send':
    await send(1, given.large, given.large_video);
    break;
  case 'read':
    for (let i = 0; i < 20; i += 1) await read(1, 50_000_000);
    break;
  default:
    // The control does everything but the transfer, for a time, with the loop turning as it does under calls.
    while (performance.now() - began < 2000) await new Promise((done) => setTimeout(done, 50));
}
console.log(`done ${Math.round(performance.now() - began)}`);
await once(lines, 'line');
process.exit(0);
