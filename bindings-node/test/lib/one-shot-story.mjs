// The One-Shot API as most of its tests need it.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { fixture } from './sandbox.mjs';
import { HOLDER } from './story.mjs';

export const DIALECTS = ['current', 'legacy'];

/** The person who is to sign. */
export const SIGNER = { profile: 'PFnubeQAFCiudadano', email: HOLDER.email, mobilePhoneNumber: HOLDER.mobilePhoneNumber };

/** What is to be signed. */
export const DOCUMENT = fixture('specimen/register_extract.pdf');

export const sha256 = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** The user's part on the vendor's page: `finish`, `fail` or `leave`. */
export const user = (box, pk, outcome) => box.control('POST', `/one-shot/requests/${pk}/identification`, { outcome });

/** What the signer's telephone shows. */
export const otp = async (box, pk) => (await box.control('GET', `/one-shot/requests/${pk}/otp`)).otp;

/** The registration authority whose requests are always External. */
export const externalRa = (box) => box.ready.one_shot.ra.external_id;
