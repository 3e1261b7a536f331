// Sends evidence and a video from one kind of source, in a process of its own. The control does the same but the transfer: it holds the
// same bytes, and reads the same blobs and streams as often and throws them away. Run by sources.alone.test.mjs with --expose-gc.

import { once } from 'node:events';
import { createReadStream, openAsBlob, readFileSync, statSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

import { Evidence, RegistrationAuthority } from 'videoid';

const lines = createInterface({ input: process.stdin });
const [first] = await once(lines, 'line');
const { settings, kind, control, pks, small, large } = JSON.parse(first);
const ra = new RegistrationAuthority(settings);

const length = (path) => statSync(path).size;
/** Images cannot come from streams, since they are checked before they are sent. */
const kinds = {
  path: { image: (path) => path, video: (path) => path },
  buffer: { image: (path) => readFileSync(path), video: (path) => readFileSync(path) },
  blob: { image: (path) => new Blob([readFileSync(path)]), video: (path) => new Blob([readFileSync(path)]) },
  'blob of a file': { image: (path) => openAsBlob(path), video: (path) => openAsBlob(path) },
  'web stream': { video: (path) => () => ({ stream: Readable.toWeb(createReadStream(path)), length: length(path) }) },
  'node stream': { video: (path) => () => ({ stream: createReadStream(path), length: length(path) }) },
};
const { image, video } = kinds[kind];

async function sources(files) {
  const images = image && Object.fromEntries(await Promise.all(Object.entries(files.images).map(async ([name, path]) => [name, await image(path)])));
  return { images, video: await video(files.video) };
}

async function send(pk, from) {
  const request = await ra.getRequest(pk);
  if (from.images) await ra.uploadEvidence(request.pk, await Evidence.build(from.images));
  await ra.uploadVideo(request.videoidData.videoIdentifier, typeof from.video === 'function' ? from.video() : from.video);
}

async function throwAway(from) {
  const read = async (source) => {
    if (source instanceof Blob) for (let at = 0; at < source.size; at += 1 << 17) await source.slice(at, at + (1 << 17)).arrayBuffer();
    else if (source?.stream) for await (const _ of source.stream);
  };
  // Once for the check, once for the transfer.
  for (let time = 0; time < 2; time += 1) for (const source of Object.values(from.images ?? {})) await read(source);
  await read(typeof from.video === 'function' ? from.video() : from.video);
  for (const end = performance.now() + 500; performance.now() < end; ) await new Promise((done) => setTimeout(done, 20));
}

// Threads, buffers and compiled code are there afterwards, in the control process too.
const warm = await sources(small);
await send(pks[0], warm);
await throwAway(warm);
const from = await sources(large);
for (let time = 0; time < 3; time += 1) {
  globalThis.gc();
  await new Promise((done) => setTimeout(done, 20));
}
// What is garbage is not the question, and when it is collected is chance.
setInterval(() => globalThis.gc({ type: 'minor' }), 10).unref();
console.log('ready');
await once(lines, 'line');
const began = performance.now();
const resolution = 5;
const delay = monitorEventLoopDelay({ resolution });
delay.enable();
await (control ? throwAway(from) : send(pks[1], from));
delay.disable();
// What is measured is the time from one turn of a timer to the next, which would be the resolution.
const ms = (nanoseconds) => Math.max(0, Math.round(nanoseconds / 1e5 - 10 * resolution) / 10);
console.log(JSON.stringify({ ms: Math.round(performance.now() - began), delay: { p99: ms(delay.percentile(99)), max: ms(delay.max) } }));
await once(lines, 'line');
process.exit(0);
