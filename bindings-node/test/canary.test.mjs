// All flows of both APIs with recognisable data, and everything that can go wrong on its way: what a program prints of it, in whichever
// encoding, holds no personal datum and no secret.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { forms } from './lib/canary-forms.mjs';
import { DOCUMENT, externalRa } from './lib/one-shot-story.mjs';
import { Sandbox, fixture } from './lib/sandbox.mjs';
import { IMAGES, VIDEO } from './lib/story.mjs';

const CANARIES = {
  given_name: 'KANARINAME', surname: 'KANARISURNAME', serial: 'X77KANARI77', email: 'kanari.mail@example.com',
  phone: '+34677123987', birth: '17/09/1977', extra: 'KANARIEXTRA', ip: '203.0.113.177', agent: 'KanariAgent/7.7',
  username: 'kanariuser', password: 'kanari:pass/word+7', pin: 'kanaripin77', reason: 'kanari reason', image: 'KANARIIMAGEBYTES',
  address: 'KANARI STREET 77', link: 'kanarilink77', token: 'c0ffee77kanari77c0ffee77kanari77', otp: 'kanariotp77',
};

const folder = mkdtempSync(join(tmpdir(), 'videoid-canary-'));
after(() => rmSync(folder, { recursive: true }));

test('what is searched would be found', () => {
  for (const secret of Object.values(CANARIES)) {
    for (const text of [secret, Buffer.from(secret).toString('hex'), Buffer.from(`{"a":"${secret}"}`).toString('base64'), encodeURIComponent(secret), `x=${[...Buffer.from(secret)].join(', ')}`]) {
      assert.ok(forms(secret).some((form) => text.toLowerCase().includes(form)), secret);
    }
  }
});

const { documentFront, documentRear, documentOwner } = IMAGES;
const common = (box) => ({ canaries: CANARIES, control: box.ready.control_url, folder, specimen: { documentFront, documentRear, documentOwner }, video: VIDEO });

/** Runs a program and looks for the canaries in what it prints; gives what it printed, and what it said by the way that is not searched. */
async function searched(program, given, more) {
  const done = spawnSync(process.execPath, [join(import.meta.dirname, 'lib', program)], {
    input: JSON.stringify(given),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 120_000,
    env: { ...process.env, RUST_LOG: 'trace', RUST_BACKTRACE: 'full' },
  });
  assert.equal(done.status, 0, done.stderr);
  const seen = done.stdout.toLowerCase();
  const found = [];
  for (const [name, value] of Object.entries({ ...CANARIES, ...more(done.stderr) })) {
    for (const form of forms(value)) {
      const at = seen.indexOf(form);
      if (at >= 0) found.push(`${name}: ${done.stdout.slice(Math.max(0, at - 200), at + 80)}`);
    }
  }
  assert.deepEqual(found, []);
  // The test would find nothing in nothing.
  const shown = Number(/shown (\d+)$/u.exec(done.stdout.trim())?.[1]);
  assert.ok(shown > 200, `${shown} values were shown`);
  assert.match(done.stdout, /\*\*\*/u);
  return done.stdout;
}

const officers = (box) => Object.fromEntries(Object.entries(box.rao).filter(([name]) => name !== 'raoId').map(([name, value]) => [`officer's ${name}`, value]));

/** The canaries did reach the service: otherwise nothing was tested. */
async function arrived(box, operation) {
  assert.ok((await box.received()).some((row) => row.operation === operation && JSON.stringify(row).includes(CANARIES.email)));
}

test('nothing is seen', async () => {
  const box = await Sandbox.start();
  try {
    const out = await searched('canary-program.mjs', { ...common(box), settings: box.config(), rao: box.rao }, (stderr) => {
      // Nothing but what the program says of itself, by the way that is not searched.
      const [, link] = /^\{"link":"([^"]{20,})"\}\n$/u.exec(stderr) ?? assert.fail(stderr);
      return { ...officers(box), userLink: link };
    });
    assert.match(out, /create_request/u);
    await arrived(box, 'create_request');
  } finally {
    box.stop();
  }
});

test('nothing is seen of the One-Shot API', async () => {
  const box = await Sandbox.start();
  try {
    const { billing } = box.ready.one_shot;
    const more = { settings: box.oneShotConfig(), external: externalRa(box), rao: box.oneShotRao, document: DOCUMENT, image: fixture('specimen/document_front.png') };
    const out = await searched('canary-one-shot.mjs', { ...common(box), ...more }, (stderr) => {
      const secrets = stderr.trim().split('\n').map((line) => JSON.parse(line));
      assert.equal(secrets.length, 6, 'a token, a one-time password and a link in each dialect');
      const found = Object.fromEntries(secrets.map(({ name, value }) => [name, value]));
      return { ...officers(box), ...found, billingUsername: billing.username, billingPassword: billing.password, billingPasswordSent: Buffer.from(billing.password).toString('base64') };
    });
    assert.match(out, /create_videoid/u);
    await arrived(box, 'create_videoid');
  } finally {
    box.stop();
  }
});
