// A video of 200 MB goes up to the One-Shot API and comes back, in both dialects, and memory does not grow with it.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { after, before, test } from 'node:test';

import { writeMp4 } from './lib/files.mjs';
import { DIALECTS, externalRa } from './lib/one-shot-story.mjs';
import { Sandbox } from './lib/sandbox.mjs';
import { VIDEO } from './lib/story.mjs';
import { linux, watched } from './lib/watched.mjs';

const BOUND = 8 * 1024;
const BYTES = 200_000_000;
const folder = mkdtempSync(join(tmpdir(), 'videoid-one-shot-memory-'));
const [large, back] = [join(folder, 'video.mp4'), join(folder, 'back.mp4')];
let box;

before(async () => {
  box = await Sandbox.start();
  writeMp4(large, BYTES);
});
after(() => {
  box.stop();
  rmSync(folder, { recursive: true });
});

const sha256 = async (path) => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

for (const dialect of DIALECTS) {
  test(`a video of 200 MB, up and back, in ${dialect}`, { skip: !linux && 'reads /proc', timeout: 400_000 }, async (t) => {
    const run = async (what) => {
      await box.reset();
      return watched('memory-one-shot.mjs', { settings: box.oneShotConfig({ dialect, registrationAuthority: externalRa(box) }), what, small: VIDEO, large, back });
    };
    const control = await run('control');
    const { said, peak } = await run('work');
    assert.deepEqual([said.file.bytes, said.file.sha256], [BYTES, await sha256(large)]);
    assert.equal(await sha256(back), said.file.sha256);
    const growth = peak - control.peak;
    t.diagnostic(`200 MB up and back in ${dialect}: ${peak} kB, control ${control.peak} kB, growth ${growth} kB; ${said.ms} ms`);
    assert.ok(growth < BOUND, `${growth} kB more than the control`);
  });
}
