// What `import` sees of the types. Compiled by `npm run typecheck`, not run.

import { readFile } from 'node:fs/promises';

import {
  AbortError,
  Bundle,
  Evidence,
  ExternalVideoId,
  RegistrationAuthority,
  VideoIdError,
  checkVideo,
  fromWire,
  nextSteps,
  toWire,
  type ErrorCategory,
  type NewRequest,
  type RaoCredentials,
  type Request,
  type RequestOptions,
} from 'videoid';

const rao: RaoCredentials = { username: 'u', password: 'p', pin: '1', raoId: '1400' };

export async function flow(signal: AbortSignal): Promise<string> {
  await using ra = RegistrationAuthority.fromEnv({ timeouts: { total: 60_000 } }, { hook: (event) => console.log(event.operation) });
  const evidence = await Evidence.build({
    documentFront: 'front.jpg',
    documentRear: new URL('file:///rear.jpg'),
    documentPhoto: await readFile('photo.jpg'),
    documentOwner: new Blob(['x']),
    ocrData: { surname1: 'ERIKSSON', email: 'anna@example.com' },
    similarityLevel: 87,
  });
  const options: RequestOptions = { signal, timeout: 1000, onProgress: ({ sent, total }) => console.log(sent / total) };
  const request: NewRequest = { profile: 'PFnubeQAFCiudadano', email: 'anna@example.com' };
  const workflow = new ExternalVideoId(ra, { store: async (state: string) => void state, onEvent: ({ kind }) => void kind });
  const submission = await workflow.submit(request, evidence, 'video.mp4', options);
  const read: Request = await ra.getRequest(submission.requestPk, { signal });
  await Bundle.save('folder', evidence, 'video.mp4');
  const steps: string[] = nextSteps((await workflow.approve(rao)).status);
  await checkVideo('video.mp4');
  return JSON.stringify([toWire(read), fromWire('Request', {}).pk, steps]);
}

/** A category has seven arms, a code any number. */
export function sort(error: unknown): 'again' | 'look' | 'no' {
  if (error instanceof AbortError) return 'no';
  if (!VideoIdError.is(error)) throw error;
  if (error.is('scratchcard_invalid')) return 'again';
  const category: ErrorCategory = error.category;
  switch (category) {
    case 'ambiguous':
      return 'look';
    case 'transport':
      return error.retryable ? 'again' : 'no';
    case 'config':
    case 'validation':
    case 'api':
    case 'cancelled':
    case 'internal':
      return 'no';
  }
}

declare const ra: RegistrationAuthority;
// @ts-expect-error the ids of a video and of a request are not the same
void ra.getRequest('6CD7A24A-21C9-4F75-A4B3-2C20BA9AE5C2');
// @ts-expect-error no such field
void Evidence.build({ documentFrnt: 'front.jpg' });
// @ts-expect-error a request needs its profile
void ({ email: 'anna@example.com' } satisfies NewRequest);
// @ts-expect-error an officer is four words
void ra.validateVideoid((await ra.listRequests()).results[0]!.pk, { username: 'u' });
