// Every block of code in the package's README runs as it stands. (The ten lines and those for Vitest run from the installed package:
// install.test.mjs.)

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';

import { ClassicRequest, RegistrationAuthority } from 'videoid';

import { DOCUMENT, externalRa, user } from './lib/one-shot-story.mjs';
import { REPO, binary, fixture, sandbox } from './lib/sandbox.mjs';
import { CLASSIC, IMAGES, VIDEO } from './lib/story.mjs';

const here = join(REPO, 'bindings-node');
const folder = mkdtempSync(join(tmpdir(), 'videoid-readme-'));
const text = readFileSync(join(here, 'README.md'), 'utf8');

/** The blocks by the heading that they stand under. */
const blocks = new Map();
for (const section of text.split(/^## /mu).slice(1)) {
  const [heading] = section.split('\n', 1);
  for (const [, code] of section.matchAll(/^```js\n([\s\S]*?)^```$/gmu)) blocks.set(heading, [...(blocks.get(heading) ?? []), code]);
}
const tried = new Set(['Ten lines', 'Tests of your own in Vitest']);
let box;

before(() => {
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(here, join(folder, 'node_modules/videoid'));
  for (const [from, to] of [[IMAGES.documentFront, 'front.jpg'], [IMAGES.documentRear, 'rear.jpg'], [IMAGES.documentOwner, 'selfie.jpg'], [VIDEO, 'video.mp4'], [fixture('specimen/register_extract.pdf'), 'extract.pdf'], [DOCUMENT, 'agreement.pdf']]) {
    cpSync(from, join(folder, to));
  }
});
beforeEach(async () => {
  box = await sandbox();
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the only block under a heading, with what comes before and after it, and gives what it prints. */
async function run(heading, { first = '', last = '', env = {}, meanwhile = async () => undefined } = {}) {
  tried.add(heading);
  const [code, ...more] = blocks.get(heading) ?? assert.fail(`no block under ${heading}`);
  assert.deepEqual(more, []);
  const { username, password, pin } = box.rao;
  const file = join(folder, 'block.mjs');
  writeFileSync(file, `const { username, password, pin } = ${JSON.stringify({ username, password, pin })};\n${first}\n${code}\n${last}`);
  const child = spawn(process.execPath, [file], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      VIDEOID_ENVIRONMENT: 'custom', VIDEOID_RA: box.ready.ra.id, VIDEOID_VIDEO_PK: 'request_pk', VIDEOID_RA_URL: box.ready.ra_url, VIDEOID_UPLOAD_URL: box.ready.upload_url,
      ...env,
    },
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (out += piece));
  const ended = once(child, 'close');
  let over = false;
  const [[status]] = await Promise.all([ended.finally(() => (over = true)), meanwhile(() => assert.ok(!over, out))]);
  assert.equal(status, 0, out);
  return out;
}

/** The request, once it has that status. */
async function seen(status, going) {
  for (;;) {
    const { requests } = await box.control('GET', '/requests');
    const found = requests.find((request) => request.status === status);
    if (found) return found;
    going();
    await new Promise((done) => setTimeout(done, 50));
  }
}

test('eIDAS VideoID', async () => {
  await box.control('PUT', '/settings', { external_auth: false });
  const out = await run('eIDAS VideoID', {
    meanwhile: async (going) => {
      const { pk } = await seen('VIDEOPENDING', going);
      await box.control('POST', `/requests/${pk}/user`, { action: 'finish' });
      await seen('VIDEOREVIEW', going);
      await box.control('POST', `/requests/${pk}/operator`, { action: 'validate' });
    },
  });
  assert.match(out, /ENROLLREADY\n$/u);
});

test('Classic', async () => {
  assert.equal(await run('Classic'), 'ENROLLREADY\n');
});

/** The settings of a client of the One-Shot API, as the environment has them. */
const oneShotEnv = (ra) => {
  const { baseUrl, env, billingUsername, billingPassword } = box.oneShotConfig();
  return { VIDEOID_RA: ra, VIDEOID_ONESHOT_URL: baseUrl, VIDEOID_ONESHOT_ENV: env, VIDEOID_BILLING_USERNAME: billingUsername, VIDEOID_BILLING_PASSWORD: billingPassword };
};

test('One-Shot API, External VideoID', async () => {
  const first = `
    const showToSigner = async (path) => console.log('shows', path);
    const typedBySigner = async () => {
      const get = async (path) => (await fetch('${box.ready.control_url}/one-shot' + path)).json();
      const { requests: [{ pk }] } = await get('/requests');
      return (await get('/requests/' + pk + '/otp')).otp;
    };
  `;
  const out = await run('One-Shot API, External VideoID', { first, env: oneShotEnv(externalRa(box)) });
  assert.equal(out, 'shows contract.pdf\n./signed.pdf\n');
  assert.match(readFileSync(join(folder, 'signed.pdf')).toString('latin1'), /ETSI\.CAdES\.detached/u);
});

test('One-Shot API, eIDAS VideoID', async () => {
  for (const [right, printed] of [[true, 'contract_shown'], [false, 'REFUSED']]) {
    await box.reset();
    const out = await run('One-Shot API, eIDAS VideoID', {
      first: `import { WebhookInbox } from 'videoid';\nconst inbox = new WebhookInbox();\nconst looksRight = () => ${right};`,
      env: oneShotEnv(box.ready.one_shot.ra.id),
      meanwhile: async (going) => {
        for (;;) {
          const { requests: [request] } = await box.control('GET', '/one-shot/requests');
          if (request) return user(box, request.pk, 'finish');
          going();
          await new Promise((done) => setTimeout(done, 50));
        }
      },
    });
    assert.equal(out, `${printed}\n`);
  }
});

test('Webhooks and waiting', async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  await box.control('PUT', '/settings', { webhook_url: `http://127.0.0.1:${port}/`, webhook_body: 'event' });
  const flow = new ClassicRequest(new RegistrationAuthority(box.config()));
  const { requestPk } = await flow.submit(CLASSIC, ['front', 'rear', 'owner'].map((name) => ({ documentType: `document_${name}`, document: fixture(`specimen/document_${name}.jpg`) })));
  const out = await run('Webhooks and waiting', {
    first: `const requestPk = ${requestPk};`,
    env: { PORT: String(port) },
    meanwhile: async (going) => {
      // Once it listens; no webhook of the sandbox comes a second time.
      while (!(await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' }).catch(going))?.ok) await new Promise((done) => setTimeout(done, 50));
      await flow.approve(box.rao);
    },
  });
  assert.match(out, new RegExp(`webhook REQUEST_APPROVED ENROLLREADY ${requestPk}`, 'u'));
  assert.match(out, /^ENROLLREADY$/mu);
});

test('Lists', async () => {
  const { requestPk } = await new ClassicRequest(new RegistrationAuthority(box.config())).submit(CLASSIC, []);
  assert.equal(await run('Lists'), `${requestPk} CREATED\n`);
});

test('Errors', async () => {
  const first = `
    import { Evidence, ExternalVideoId, RegistrationAuthority, VideoIdError } from 'videoid';
    const flow = new ExternalVideoId(RegistrationAuthority.fromEnv());
    const evidence = await Evidence.build({ documentFront: 'front.jpg' });
    const request = { profile: 'PFnubeQAFCiudadano', email: 'anna@example.com' };
    const orderCards = () => console.log('order cards');
    const [lookFirst, again] = [console.log, console.log];
  `;
  await box.reset({ cards: 0 });
  assert.equal(await run('Errors', { first }), 'order cards\n');
});

test('Sandbox', async () => {
  assert.match(await run('Sandbox', { env: { VIDEOID_SANDBOX: binary() } }), /^\d+\n$/u);
});

test('Tests of your own', async () => {
  assert.match(await run('Tests of your own', { env: { VIDEOID_SANDBOX: binary() } }), /pass 1\n[\s\S]*fail 0/u);
});

test('no block is left out', () => {
  assert.deepEqual([...blocks.keys()].sort(), [...tried].sort());
});
