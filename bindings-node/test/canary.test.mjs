// All three flows with recognisable data, and everything that can go wrong on its way: what a program prints of it, in whichever
// encoding, holds no personal datum and no secret.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { forms } from './lib/canary-forms.mjs';
import { Sandbox } from './lib/sandbox.mjs';
import { IMAGES, VIDEO } from './lib/story.mjs';

const CANARIES = {
  given_name: 'KANARINAME', surname: 'KANARISURNAME', serial: 'X77KANARI77', email: 'kanari.mail@example.com',
  phone: '+34677123987', birth: '17/09/1977', extra: 'KANARIEXTRA', ip: '203.0.113.177', agent: 'KanariAgent/7.7',
  username: 'kanariuser', password: 'kanari:pass/word+7', pin: 'kanaripin77', reason: 'kanari reason', image: 'KANARIIMAGEBYTES',
  address: 'KANARI STREET 77', link: 'kanarilink77',
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

test('nothing is seen', async () => {
  const box = await Sandbox.start();
  try {
    const { documentFront, documentRear, documentOwner } = IMAGES;
    const given = { canaries: CANARIES, settings: box.config(), rao: box.rao, control: box.ready.control_url, folder, specimen: { documentFront, documentRear, documentOwner }, video: VIDEO };
    const done = spawnSync(process.execPath, [join(import.meta.dirname, 'lib/canary-program.mjs')], {
      input: JSON.stringify(given),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      timeout: 120_000,
      env: { ...process.env, RUST_LOG: 'trace', RUST_BACKTRACE: 'full' },
    });
    assert.equal(done.status, 0, done.stderr);
    // Nothing but what the program says of itself, by the way that is not searched.
    const [, link] = /^\{"link":"([^"]{20,})"\}\n$/u.exec(done.stderr) ?? assert.fail(done.stderr);
    // The test would find nothing in nothing.
    const shown = Number(/shown (\d+)$/u.exec(done.stdout.trim())?.[1]);
    assert.ok(shown > 200, `${shown} values were shown`);
    assert.match(done.stdout, /create_request/u);
    assert.match(done.stdout, /\*\*\*/u);
    const seen = done.stdout.toLowerCase();
    const officer = Object.fromEntries(Object.entries(box.rao).filter(([name]) => name !== 'raoId').map(([name, value]) => [`officer's ${name}`, value]));
    const found = [];
    for (const [name, value] of Object.entries({ ...CANARIES, ...officer, userLink: link })) {
      for (const form of forms(value)) {
        const at = seen.indexOf(form);
        if (at >= 0) found.push(`${name}: ${done.stdout.slice(Math.max(0, at - 200), at + 80)}`);
      }
    }
    assert.deepEqual(found, []);
    // The canaries did reach the service: otherwise nothing was tested.
    assert.ok((await box.received()).some((row) => row.operation === 'create_request' && JSON.stringify(row).includes(CANARIES.email)));
  } finally {
    box.stop();
  }
});
