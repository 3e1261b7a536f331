// Programs in a process of their own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';

/** Runs a program, which finds the package as the tests do, and gives how it ended and what it printed. */
export async function program(source, seconds = 30) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], { cwd: dirname(import.meta.dirname), stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (out += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  const [code, signal] = await once(child, 'exit');
  clearTimeout(timer);
  return { code, signal, out };
}
