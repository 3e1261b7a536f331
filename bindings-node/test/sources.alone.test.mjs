// Memory does not grow with evidence or video, whatever they come from: less than 8 MB over a control process that holds the same bytes
// and reads the same blobs and streams. How late the event loop was meanwhile is told, and is no test.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { RegistrationAuthority } from 'videoid';

import { writeJpeg, writeMp4 } from './lib/files.mjs';
import { Sandbox } from './lib/sandbox.mjs';
import { IMAGES, VIDEO, pendingRequest } from './lib/story.mjs';
import { linux, watched } from './lib/watched.mjs';

const BOUND = 8 * 1024;
const IMAGE = 12_000_000;
const FILM = 200_000_000;
const folder = mkdtempSync(join(tmpdir(), 'videoid-sources-'));
let sink;
let large;

before(async () => {
  sink = await Sandbox.start(['--discard-uploads']);
  large = {
    images: Object.fromEntries(Object.keys(IMAGES).map((name, at) => [name, writeJpeg(join(folder, `${name}.jpg`), IMAGE + at)])),
    video: writeMp4(join(folder, 'video.mp4'), FILM),
  };
});
after(() => {
  sink.stop();
  rmSync(folder, { recursive: true });
});

async function one(kind, control) {
  await sink.reset();
  const ra = new RegistrationAuthority(sink.config());
  const pks = [(await pendingRequest(ra)).pk, (await pendingRequest(ra)).pk];
  const found = await watched('sources-program.mjs', { settings: sink.config(), kind, control, pks, small: { images: IMAGES, video: VIDEO }, large }, ['--expose-gc']);
  if (!control) {
    const rows = (await sink.received()).filter(({ operation }) => operation.startsWith('upload'));
    assert.ok(rows.every(({ complete }) => complete));
    const [film, body] = rows.map(({ bytes_read: bytes }) => bytes).sort((a, b) => b - a);
    assert.ok(film >= FILM && (kind.endsWith('stream') || body > (4 * IMAGE * 4) / 3), `${film} ${body}`);
  }
  return found;
}

for (const kind of ['path', 'buffer', 'blob', 'blob of a file', 'web stream', 'node stream']) {
  test(`from a ${kind}`, { skip: !linux && 'reads /proc', timeout: 400_000 }, async (t) => {
    const control = await one(kind, true);
    const worked = await one(kind, false);
    const growth = worked.peak - control.peak;
    const { ms, delay } = worked.said;
    t.diagnostic(
      `${kind}: ${worked.peak} kB, control ${control.peak} kB, growth ${growth} kB; ${ms} ms; ` +
        `event loop late by ${delay.p99} ms (p99), ${delay.max} ms at most; in the control ${control.said.delay.p99} and ${control.said.delay.max} ms`,
    );
    assert.ok(growth < BOUND, `${kind}: ${growth} kB more than the control`);
  });
}
