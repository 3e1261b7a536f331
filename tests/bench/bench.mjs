// One contender: `bench.mjs CONTENDER WORK API_URL UPLOAD_URL FOLDER`; see README.md.

import { openAsBlob } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const NAMES = ['document_front', 'document_rear', 'document_photo', 'document_owner'];
const IDENTIFIER = 'b3b4a2a2-8d6e-4a8e-9d4c-0a2f6f1f9c11';
const [contender, wanted, api, upload, folder] = process.argv.slice(2);
const idle = wanted.startsWith('control-');
const work = wanted.replace('control-', '');

/** The evidence as one would write it by hand. */
async function body(from) {
  const images = {};
  for (const name of NAMES) images[name] = (await readFile(join(from, `${name}.jpg`))).toString('base64');
  return {
    acceptance: { description: 'I accept', date: 1780000000000 },
    videoid_data: { images, ocr_data: { given_name: 'ANNA MARIA' }, security_checks: { liveliness: true }, similarity_level: 87 },
  };
}

async function form(from) {
  const data = new FormData();
  data.set('video', await openAsBlob(join(from, 'video.mp4')), 'video.mp4');
  return data;
}

const sound = async (response) => {
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  await response.text();
};

const contenders = {
  async fetch() {
    return {
      evidence: async (from) =>
        sound(await fetch(`${api}/videoid/1`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(await body(from)) })),
      video: async (from) => sound(await fetch(`${upload}/v1/upload/video/${IDENTIFIER}/`, { method: 'POST', body: await form(from) })),
    };
  },
  async axios() {
    const { default: axios } = await import('axios');
    const unlimited = { maxBodyLength: Infinity, maxContentLength: Infinity, proxy: false };
    return {
      evidence: async (from) => axios.put(`${api}/videoid/1`, await body(from), unlimited),
      video: async (from) => axios.post(`${upload}/v1/upload/video/${IDENTIFIER}/`, await form(from), unlimited),
    };
  },
  async videoid() {
    const { Evidence, RegistrationAuthority } = await import('videoid');
    const ra = new RegistrationAuthority({ environment: 'custom', apiUrl: api, uploadUrl: upload, registrationAuthority: '121', videoPk: 'request_pk' });
    const built = new Map();
    const build = async (from) => {
      const [documentFront, documentRear, documentPhoto, documentOwner] = NAMES.map((name) => join(from, `${name}.jpg`));
      const data = { acceptance: { description: 'I accept', date: 1780000000000 }, ocrData: { givenName: 'ANNA MARIA' }, similarityLevel: 87 };
      built.set(from, await Evidence.build({ documentFront, documentRear, documentPhoto, documentOwner, ...data }));
    };
    if (work === 'evidence') for (const from of [join(folder, 'small'), folder]) await build(from);
    return {
      build,
      evidence: (from) => ra.uploadEvidence(1, built.get(from)),
      video: (from) => ra.uploadVideo(IDENTIFIER, join(from, 'video.mp4')),
    };
  },
};

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = async (word) => {
  process.stdout.write(`${word}\n`);
  await lines.next();
};

const run = (await contenders[contender]())[work];
await run(join(folder, 'small'));
await say('ready');
if (!idle) await run(folder);
await say('done');
process.exit(0);
