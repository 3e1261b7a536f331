// Lists that are iterated over, page by page.

import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';

import { RegistrationAuthority } from 'videoid';

import { sandbox } from './lib/sandbox.mjs';
import { REQUEST } from './lib/story.mjs';

const CARDS = 25;
let box;
let ra;

before(async () => {
  box = await sandbox();
});
beforeEach(async () => {
  await box.reset({ cards: CARDS });
  ra = new RegistrationAuthority(box.config());
});

const pages = async (operation) => (await box.received()).filter((one) => one.operation === operation);

async function create(count) {
  const made = [];
  for (let index = 0; index < count; index += 1) {
    const { sn } = await ra.getFirstUnusedScratchcard();
    made.push((await ra.createRequest({ ...REQUEST, scratchcard: sn, videoidMode: 1 })).pk);
  }
  return made;
}

async function all(items) {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
}

test('all pages come, one after the other, and no address of the service is followed', async () => {
  await box.control('PUT', '/settings', { next_link: 'internal' });
  const made = await create(12);
  const found = await all(ra.requests());
  assert.deepEqual(found.map(({ pk }) => pk).sort(), made.sort());
  assert.equal((await pages('list_requests')).length, 2);
  assert.equal((await all(ra.scratchcards({ registrationAuthority: box.ready.ra.id }))).length, CARDS);
  assert.deepEqual(await all(ra.requests({ email: 'nobody@example.com' })), []);
  assert.equal((await all(ra.requests({ page: 2 }))).length, 2);
});

test('a list that is left early asks for no further page, and the client goes on', async () => {
  await create(11);
  for await (const { pk } of ra.requests()) {
    assert.equal(typeof pk, 'number');
    break;
  }
  assert.equal((await pages('list_requests')).length, 1);
  const items = ra.requests();
  await items.next();
  assert.deepEqual(await items.return(), { done: true, value: undefined });
  assert.deepEqual(await items.next(), { done: true, value: undefined });
  assert.equal(typeof (await ra.getFirstUnusedScratchcard()).sn, 'string');
  // Nothing is asked for before the first item is.
  const before = (await pages('list_requests')).length;
  ra.requests();
  assert.equal((await pages('list_requests')).length, before);
});

test('two lists at once keep to their own pages', async () => {
  const made = await create(12);
  const [first, second] = await Promise.all([all(ra.requests()), all(ra.requests())]);
  assert.equal(first.length, made.length);
  assert.deepEqual(first.map(({ pk }) => pk), second.map(({ pk }) => pk));
});

test('the signal of a list ends it, also while a page is on its way', async () => {
  await create(11);
  const reason = new Error('enough');
  const between = new AbortController();
  let seen = 0;
  const left = (async () => {
    for await (const _ of ra.requests({}, { signal: between.signal })) {
      seen += 1;
      if (seen === 3) between.abort(reason);
    }
  })();
  await assert.rejects(left, (error) => error.name === 'AbortError' && error.cause === reason && error.operation === 'list_requests');
  assert.equal(seen, 3);
  await box.faults({ operation: 'list_requests', kind: 'delay', ms: 20_000 });
  await assert.rejects(all(ra.requests({}, { signal: AbortSignal.timeout(100) })), (error) => error.name === 'AbortError' && error.cause.name === 'TimeoutError');
  await box.reset();
  await box.faults({ operation: 'list_requests', kind: 'delay', ms: 20_000 });
  await assert.rejects(all(ra.requests({}, { timeout: 100 })), { code: 'timeout' });
});

test('a list ends with its first error', async () => {
  await create(11);
  await box.faults({ operation: 'list_requests', kind: 'status', status: 403, skip: 1 });
  const items = ra.requests();
  for (let index = 0; index < 10; index += 1) await items.next();
  await assert.rejects(items.next(), { code: 'forbidden', operation: 'list_requests' });
  assert.deepEqual(await items.next(), { done: true, value: undefined });
  await assert.rejects(ra.requests({ pages: 1 }).next(), { code: 'field_invalid' });
  await assert.rejects(ra.requests({}, { timeout: -1 }).next(), { code: 'field_invalid' });
  const open = ra.requests();
  await open.next();
  ra.close();
  await assert.rejects(open.next(), { code: 'client_closed' });
});
