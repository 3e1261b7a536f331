// What `import` sees of the types. Compiled by `npm run typecheck`, not run.

import { readFile } from 'node:fs/promises';

import {
  AbortError,
  Bundle,
  ClassicRequest,
  EidasVideoId,
  Evidence,
  ExternalVideoId,
  Flow,
  RegistrationAuthority,
  VideoIdError,
  WebhookInbox,
  checkRequest,
  checkVideo,
  fromWire,
  nextSteps,
  parseWebhook,
  profile,
  profiles,
  toWire,
  waysOn,
  type CertificateInfo,
  type ErrorCategory,
  type NewRequest,
  type OfficerOutcome,
  type Profile,
  type RaoCredentials,
  type Request,
  type RequestOptions,
  type WayOn,
  type Webhook,
  type Workflow,
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

/** The other two flows, with webhooks, lists and the rest of the API. */
export async function others(client: RegistrationAuthority, inbox: WebhookInbox, signal: AbortSignal): Promise<OfficerOutcome> {
  const flow = new EidasVideoId(client, { onEvent: ({ kind }) => void kind });
  const started = await flow.start({ profile: 'PFnubeQAFEmpresa', email: 'anna@example.com' }, { timeout: 5000 });
  const link: string | undefined = started.videoidLink;
  const seen = await flow.waitForUser({ deadlineMs: 1000, pollMs: 10 }, { inbox, signal });
  const ways: WayOn[] = [...seen.waysOn, ...flow.waysOn(), ...waysOn(seen.status, Flow.EidasVideoId)];
  await flow.waitForOperator({ deadlineMs: 1000 }, { inbox });
  await flow.complete({ update: { countryName: 'ES', title: link ?? 'Manager' }, documents: [{ label: 'Extract', document: 'extract.pdf' }] });
  await flow.papers(rao.raoId, { signal });
  const classic: ClassicRequest = ClassicRequest.resume(client, flow.state, { store: () => undefined });
  await classic.submit({ profile: 'P', email: 'anna@example.com' }, [{ documentType: 'document_front', document: new Blob(['x']) }]);
  const all: Workflow[] = [flow, classic];
  for (const one of all) await one.cancel({ signal });
  const request: Request = await client.waitFor(started.requestPk, { statuses: ['CREATED'], deadlineMs: 1000 }, { inbox, signal });
  for await (const { pk } of client.requests({ email: 'anna@example.com' }, { signal })) await client.validateRequest(pk);
  for await (const { sn } of client.scratchcards()) await client.isScratchcardUsed(sn);
  const webhook: Webhook = inbox.receive(Buffer.from('{}'));
  parseWebhook(JSON.stringify(webhook.date?.iso ?? ways));
  const known: Profile | undefined = profile(request.profile ?? '') ?? profiles()[0];
  const rules: string[] = checkRequest({ profile: known?.name ?? '', email: 'anna@example.com' }, 'classic').findings.map(({ rule }) => rule);
  const info: CertificateInfo | undefined = client.clientCertificate();
  await client.replaceIdentity({ certificateFile: 'client.pem', keyFile: 'client.key', password: rules[0] ?? `${info?.daysLeft}` });
  return classic.approve(rao);
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
// @ts-expect-error a document of an eIDAS request has a label
void new EidasVideoId(ra).complete({ documents: [{ documentType: 'document_front', document: 'front.jpg' }] });
// @ts-expect-error an eIDAS VideoID is validated by the vendor's operator
void new EidasVideoId(ra).validate(rao);
// @ts-expect-error a webhook is what came, not what a framework made of it
parseWebhook({ request: 7 });
