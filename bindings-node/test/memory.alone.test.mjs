// Memory does not grow with the files: less than 8 MB over a control process that does all but the transfer.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';

import { RegistrationAuthority } from 'videoid';

import { writeJpeg, writeMp4 } from './lib/files.mjs';
import { Sandbox } from './lib/sandbox.mjs';
import { IMAGES, VIDEO, pendingRequest } from './lib/story.mjs';

const BOUND = 8 * 1024;
const LARGE = 20_000_000;
const linux = existsSync('/proc/self/status');
const folder = mkdtempSync(join(tmpdir(), 'videoid-memory-'));
let sink;
let files;

before(async () => {
  sink = await Sandbox.start(['--discard-uploads']);
  files = {
    small: IMAGES,
    large: Object.fromEntries(Object.keys(IMAGES).map((name, at) => [name, writeJpeg(join(folder, `${name}.jpg`), LARGE + at)])),
    small_video: VIDEO,
    large_video: writeMp4(join(folder, 'video.mp4'), 500_000_000),
  };
});
after(() => {
  sink.stop();
  rmSync(folder, { recursive: true });
});

/** Private memory of a process in kB: what is no file. */
const memory = (pid) => Number(/^RssAnon:\s+(\d+) kB/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

/** Runs the program and gives the peak of its private memory in kB, and how much that is over what it had when it was warm. */
async function peak(what) {
  await sink.reset();
  const ra = new RegistrationAuthority(sink.config());
  const pks = [(await pendingRequest(ra)).pk, (await pendingRequest(ra)).pk];
  if (what.includes('read')) await sink.control('POST', `/requests/${pks[1]}/images`, { megabytes: 40 });
  const child = spawn(process.execPath, [join(import.meta.dirname, 'lib/memory-program.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  // Both are awaited at once: a child that fails must not leave the test waiting.
  const line = async () => {
    const [text] = await Promise.race([once(lines, 'line'), exited.then(() => assert.fail('the process ended early'))]);
    return text;
  };
  try {
    child.stdin.write(`${JSON.stringify({ settings: sink.config(), what, pks, ...files })}\n`);
    assert.equal(await line(), 'ready');
    const warm = memory(child.pid);
    let highest = warm;
    const timer = setInterval(() => (highest = Math.max(highest, memory(child.pid))), 5);
    child.stdin.write('go\n');
    const done = await line().finally(() => clearInterval(timer));
    assert.match(done, /^done \d+$/u);
    highest = Math.max(highest, memory(child.pid));
    if (what === 'send') {
      const rows = (await sink.received()).filter(({ operation }) => operation.startsWith('upload'));
      assert.ok(rows.every(({ complete }) => complete));
      const sizes = rows.map(({ bytes_read: bytes }) => bytes).sort((a, b) => b - a);
      assert.ok(sizes[0] >= 500_000_000 && sizes[1] > 106_000_000, String(sizes));
    }
    child.stdin.write('end\n');
    await exited;
    return { highest, warm, ms: Number(done.slice(5)) };
  } finally {
    child.kill();
  }
}

async function compare(t, what, told) {
  const control = await peak(`control of ${what}`);
  const worked = await peak(what);
  t.diagnostic(`${told}: ${worked.highest} kB, control ${control.highest} kB, growth ${worked.highest - control.highest} kB; ${worked.ms} ms`);
  assert.ok(worked.highest - control.highest < BOUND, `${told}: ${worked.highest - control.highest} kB more than the control`);
}

test('four images of 20 MB and a video of 500 MB', { skip: !linux && 'reads /proc', timeout: 400_000 }, (t) => compare(t, 'send', 'sent 80 MB of images and 500 MB of video'));

test('a request with 40 MB of images, read twenty times', { skip: !linux && 'reads /proc', timeout: 400_000 }, (t) => compare(t, 'read', 'read 40 MB of images twenty times'));
