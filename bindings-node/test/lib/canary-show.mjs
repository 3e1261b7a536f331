// What a program prints that does not think of what is in it.

import { format, inspect } from 'node:util';

import { VideoIdError } from 'videoid';

/** How many values were shown. */
export let shown = 0;

/** A value, in every way that it is printed. */
export function show(value) {
  shown += 1;
  console.log(value);
  console.log('%o', [value]);
  console.log(inspect(value, { depth: 9, showHidden: true }), `${inspect({ value })}`, String(value), format('%s %j', value, value));
  try {
    console.log(JSON.stringify(value), JSON.stringify({ nested: [value] }));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

/** Makes a call that is to end with that code, or well, and shows what comes of it. */
export async function provoke(call, expected) {
  let result;
  try {
    result = await call();
  } catch (error) {
    const code = VideoIdError.is(error) ? error.code : String(error);
    if (code !== expected) throw new Error(`expected ${expected}, got ${code}: ${error}`);
    show(error);
    console.log(error.stack);
    for (let cause = error.cause; cause instanceof Error; cause = cause.cause) console.log(cause.stack, String(cause));
    return undefined;
  }
  if (expected !== undefined) throw new Error(`expected ${expected}, and it succeeded`);
  show(result);
  return result;
}

/** A control call of the sandbox. */
export async function control(url, method, path, body) {
  const answer = await fetch(url + path, { method, body: body && JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`control ${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
