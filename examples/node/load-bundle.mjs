// Evidence that a device saved as a bundle: looked at, and handed to an officer's request.
//
//   node load-bundle.mjs DIR                          checks the bundle and says what is in it; sends nothing
//   node load-bundle.mjs DIR --submit EMAIL PHONE
//
// The folder came from a phone or another program (`Bundle.save`, in any language). Loading it checks every file against the
// manifest, so that what was cut short or changed on its way is noticed before anything is sent. Settings are read from the
// environment, as `RaConfig` documents them. Prints no personal data.

import { parseArgs } from 'node:util';

import { Bundle, ExternalVideoId, RegistrationAuthority, VideoIdError, checkVideo } from 'videoid';

const USAGE = 'node load-bundle.mjs DIR [--submit EMAIL PHONE]';

/** @param {Bundle} bundle */
async function show({ evidence, video, manifest }) {
  const { images, findings } = evidence.report;
  for (const { name, format, width, height, bytes } of images) console.log(`${name}: ${format}, ${width} x ${height}, ${bytes} bytes`);
  if (video !== undefined) console.log(`video: ${(await checkVideo(video)).bytes} bytes`);
  for (const { severity, field, rule } of findings) console.log(`${severity}: ${field}: ${rule}`);
  console.log(`${manifest.files.length} files as the manifest says; upload of ${evidence.contentLength} bytes`);
}

/**
 * @param {Bundle} bundle
 * @param {string} email
 * @param {string} mobilePhoneNumber
 */
async function submit({ evidence, video }, email, mobilePhoneNumber) {
  if (video === undefined) throw new Error('the bundle holds no video');
  const ra = RegistrationAuthority.fromEnv();
  try {
    const request = { profile: 'PFnubeQAFCiudadano', email, mobilePhoneNumber };
    const { requestPk, status } = await new ExternalVideoId(ra).submit(request, evidence, video);
    console.log(`request ${requestPk}: ${status}`);
  } finally {
    ra.close();
  }
}

try {
  const { values, positionals } = parseArgs({ options: { submit: { type: 'boolean', default: false } }, allowPositionals: true });
  const [folder, email, phone] = positionals;
  if (folder === undefined || (values.submit && phone === undefined)) throw new Error(USAGE);
  const bundle = await Bundle.load(folder);
  await show(bundle);
  if (values.submit) await submit(bundle, /** @type {string} */ (email), /** @type {string} */ (phone));
} catch (error) {
  // `bundle_altered` for example. The message is one line without personal data.
  if (!(error instanceof Error)) throw error;
  console.error(VideoIdError.is(error) ? error.message : `${USAGE}: ${error.message}`);
  process.exitCode = 1;
}
