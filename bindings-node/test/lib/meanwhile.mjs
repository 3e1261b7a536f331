// What happens while a call waits.

import { setTimeout as sleep } from 'node:timers/promises';

import { VideoIdError } from 'videoid';

import { only } from './scenarios.mjs';

/** Puts a webhook into the scenario's inbox. What the inbox refuses is no fault of the scenario. */
function deliver(inbox, body) {
  try {
    inbox.receive(body);
  } catch (error) {
    if (!VideoIdError.is(error, 'webhook_invalid')) throw error;
  }
}

async function deed(run, item) {
  only('meanwhile', item, ['after_ms', 'control', 'webhook', 'webhook_json', 'relay']);
  if (item.control) {
    await run.sandbox.control(item.control.method, item.control.path, item.control.body);
  } else if (item.webhook !== undefined) {
    deliver(run.inbox, item.webhook);
  } else if (item.webhook_json !== undefined) {
    deliver(run.inbox, JSON.stringify(item.webhook_json));
  } else if (item.relay === true) {
    const { deliveries } = await run.sandbox.control('GET', '/webhooks?personal=true');
    const fresh = deliveries.slice(run.relayed);
    run.relayed = deliveries.length;
    for (const { body } of fresh) deliver(run.inbox, typeof body === 'string' ? body : JSON.stringify(body));
  } else {
    throw new Error(`meanwhile: nothing to be done: ${JSON.stringify(item)}`);
  }
}

/** The call's promise, with `items` done beside it one after the other. What is not done when the call ends is left out. */
export async function beside(run, items, call) {
  let over = false;
  let failed;
  const stop = new AbortController();
  const deeds = (async () => {
    for (const item of items) {
      await sleep(item.after_ms, undefined, { signal: stop.signal });
      if (over) return;
      await deed(run, item);
    }
  })().catch((error) => {
    if (!over) failed = new Error(`meanwhile: ${error.message}`, { cause: error });
  });
  try {
    return await call();
  } finally {
    over = true;
    stop.abort();
    // What was begun comes to its end before the next step, and what went wrong in it is not forgotten.
    await deeds;
    if (failed) throw failed;
  }
}

/** What a call that waits is given, besides what it waits for. */
export const WAIT = ['deadline_ms', 'poll_ms', 'max_poll_ms', 'inbox', 'meanwhile'];

/** A call that waits: its limits, the scenario's inbox where it is wanted, and what happens meanwhile. */
export function waiting(run, args, options, call) {
  const limits = { deadlineMs: args.deadline_ms };
  if (args.poll_ms !== undefined) limits.pollMs = args.poll_ms;
  if (args.max_poll_ms !== undefined) limits.maxPollMs = args.max_poll_ms;
  return beside(run, args.meanwhile ?? [], () => call(limits, args.inbox ? { ...options, inbox: run.inbox } : options));
}
