import { rebuilding } from './errors.js';
import type { Flow } from './generated/enums.js';
import type { NewRequest, Profile, RequestReport } from './generated/models.js';
import { native } from './native.js';
import { convert, dress, toNative } from './shape.js';

/** Every certificate profile that the vendor documents, in the order of the documents. */
export function profiles(): Profile[] {
  return native.profiles().map((found) => dress('Profile', found));
}

/** The documented profile of that name; `undefined` for a private one. */
export function profile(name: string): Profile | undefined {
  const found = native.profile(convert('text', name, 'name') as string);
  return found == null ? undefined : dress('Profile', found);
}

/**
 * What the request's profile finds fault with, before it is sent. A request with a VideoID gets its identity from the video, so by
 * flow other fields are needed.
 *
 * Advice: the vendor's own samples break its table. A profile that is not in the table passes without a finding. With the client's
 * setting `strict` a finding refuses the request.
 */
export function checkRequest(request: NewRequest, flow: Flow): RequestReport {
  const given = toNative('NewRequest', request);
  const word = convert('text', flow, 'flow') as string;
  return dress('RequestReport', rebuilding(() => native.checkRequest(given, word)));
}
