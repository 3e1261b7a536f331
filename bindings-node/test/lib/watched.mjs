// A program in a process of its own whose memory is looked at from outside.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Where the memory of a process can be looked at. */
export const linux = existsSync('/proc/self/status');

/** Private memory of a process in kB: what is no file. */
const memory = (pid) => Number(/^RssAnon:\s+(\d+) kB/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

/**
 * Starts a program of this folder, gives it `given` as a line of JSON, lets it go on once it says `ready`, and gives what it says in its
 * second line, and the peak of its private memory in kB until then.
 */
export async function watched(program, given, nodeOptions = []) {
  const child = spawn(process.execPath, [...nodeOptions, join(import.meta.dirname, program)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  // Both are awaited at once: a child that fails must not leave the test waiting.
  const line = async () => {
    const [text] = await Promise.race([once(lines, 'line'), exited.then(() => assert.fail('the process ended early'))]);
    return text;
  };
  try {
    child.stdin.write(`${JSON.stringify(given)}\n`);
    assert.equal(await line(), 'ready');
    let peak = memory(child.pid);
    const timer = setInterval(() => (peak = Math.max(peak, memory(child.pid))), 5);
    child.stdin.write('go\n');
    const said = JSON.parse(await line().finally(() => clearInterval(timer)));
    peak = Math.max(peak, memory(child.pid));
    child.stdin.write('end\n');
    await exited;
    return { said, peak };
  } finally {
    child.kill();
  }
}
