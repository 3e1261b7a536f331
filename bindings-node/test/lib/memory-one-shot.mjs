// As memory-program.mjs: a video goes up to the One-Shot API and comes back into a file. Run by one-shot-memory.alone.test.mjs.

import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { OneShot } from 'videoid';

const lines = createInterface({ input: process.stdin });
const [first] = await once(lines, 'line');
const { settings, what, small, large, back } = JSON.parse(first);
const oneShot = new OneShot(settings);
const signer = { profile: 'PFnubeQAFCiudadano', email: 'anna@example.com', mobilePhoneNumber: '+34600000000' };
const onProgress = () => {};

const upAndBack = async (video) => {
  const { handle } = await oneShot.createVideoid(signer);
  await oneShot.uploadVideoidVideo(handle, video, { onProgress });
  return oneShot.downloadVideoidVideo(handle, back, { onProgress });
};

// Threads, buffers and compiled code are there afterwards, in the control process too.
for (let i = 0; i < 3; i += 1) await upAndBack(small);
console.log('ready');
await once(lines, 'line');
const began = performance.now();
// The control does everything but the transfer, for a time, with the loop turning as it does under calls.
while (what !== 'work' && performance.now() - began < 2000) await new Promise((done) => setTimeout(done, 50));
const file = what === 'work' ? await upAndBack(large) : undefined;
console.log(JSON.stringify({ ms: Math.round(performance.now() - began), file }));
await once(lines, 'line');
process.exit(0);
