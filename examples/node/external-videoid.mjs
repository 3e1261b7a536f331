// External VideoID in one program: evidence and video up to VIDEOREVIEW, then the officer's steps.
//
//   node external-videoid.mjs --ra-url URL --upload-url URL --ra 121 --front F --rear F --photo F --owner F --video F --out DIR
//     [--rao-username … --rao-password … --rao-pin … --rao-id 1400] [--refuse REASON]
//
// The officer's credentials may come from VIDEOID_RAO_USERNAME, _PASSWORD, _PIN and _ID instead: a command line can be seen by others.
// It prints one JSON object a line.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { Evidence, ExternalVideoId, RegistrationAuthority, VideoIdError } from 'videoid';

const text = { type: 'string' };
const { values: given } = parseArgs({
  options: {
    'ra-url': text, 'upload-url': text, ra: text,
    'rao-username': text, 'rao-password': text, 'rao-pin': text, 'rao-id': text,
    front: text, rear: text, photo: text, owner: text, video: text, out: text, refuse: text,
  },
});

const say = (event) => console.log(JSON.stringify(event));

function officer() {
  const find = (name) => given[`rao-${name}`] ?? process.env[`VIDEOID_RAO_${name.toUpperCase()}`];
  const [username, password, pin, raoId] = ['username', 'password', 'pin', 'id'].map(find);
  if (!username || !password || !pin || !raoId) throw new Error('the officer\'s credentials are missing: VIDEOID_RAO_USERNAME, _PASSWORD, _PIN and _ID');
  return { username, password, pin, raoId };
}

async function keep(kind, name, content) {
  if (!given.out) return;
  const path = join(given.out, name);
  await writeFile(path, content, { mode: 0o600 });
  say({ event: 'file', kind, path });
}

async function story() {
  if (given.out) await mkdir(given.out, { recursive: true });
  const ra = new RegistrationAuthority({
    environment: 'custom',
    apiUrl: given['ra-url'],
    uploadUrl: given['upload-url'],
    registrationAuthority: given.ra,
    videoPk: 'request_pk',
  });

  const evidence = await Evidence.build({
    documentFront: given.front,
    documentRear: given.rear,
    documentPhoto: given.photo,
    documentOwner: given.owner,
    acceptance: { description: 'I accept the terms and conditions', urlWebVideoid: 'https://example.com/identify', ip: '192.0.2.7', userAgent: 'Example/1.0', date: Date.now() },
    ocrData: {
      givenName: 'ANNA MARIA', surname1: 'ERIKSSON', serialNumber: 'D23145890',
      email: 'anna@example.com', mobilePhoneNumber: '+34600000000',
      idDocumentType: 'IDC', idDocumentCountry: 'ES',
    },
    securityChecks: {
      liveliness: { passed: true, provenance: 'attested', by: 'the liveness product' },
      documentNotexpired: { passed: true, provenance: 'asserted' },
    },
    similarityLevel: 87,
  });

  // What is stored here would let another process go on after a crash.
  const flow = new ExternalVideoId(ra, {
    store: (state) => given.out && writeFile(join(given.out, 'state.json'), state, { mode: 0o600 }),
    onEvent: ({ kind, step, status, requestPk, text: remark }) => {
      if (kind === 'status') say({ event: 'status', status, request_pk: requestPk });
      if (kind === 'step') operation = step;
      if (kind === 'warning') say({ event: 'warning', text: remark });
    },
  });
  let operation = 'submit';
  const onProgress = ({ sent, total }) => say({ event: 'progress', operation, sent, total });
  await flow.submit({ profile: 'PFnubeQAFCiudadano', email: 'anna@example.com', mobilePhoneNumber: '+34600000000' }, evidence, given.video, { onProgress });

  if (given.refuse !== undefined) {
    const { status, videoidStatus } = await flow.refuse(officer(), given.refuse);
    say({ event: 'done', status, videoid_status: videoidStatus });
    return;
  }
  const validated = await flow.validate(officer());
  if (validated.declaration) await keep('declaration', 'declaration.txt', validated.declaration.receipt);
  if (validated.contract) await keep('contract', 'contract.pdf', validated.contract.content);
  // `secrets` (PIN, PUK, enrollment code, ERC) would go to the holder here. They cannot be had again.
  const { status } = await flow.approve(officer());
  say({ event: 'done', status });
  ra.close();
}

try {
  await story();
} catch (error) {
  // The message is one line without personal data.
  say(VideoIdError.is(error) ? { event: 'error', code: error.code, text: error.message } : { event: 'error', code: 'program', text: error.message });
  process.exitCode = 1;
}
