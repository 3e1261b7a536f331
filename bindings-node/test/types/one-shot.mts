// What `import` sees of the types of the One-Shot API. Compiled by `npm run typecheck`, not run.

import {
  Dialect,
  Evidence,
  ONE_SHOT_OPERATIONS,
  OneShot,
  OneShotEidas,
  OneShotExternal,
  OneShotWait,
  RegistrationAuthority,
  WebhookInbox,
  type ClientOptions,
  type DocumentUid,
  type GenerateOtpOptions,
  type NewVideoId,
  type OneShotConfig,
  type OneShotOutcome,
  type OneShotRao,
  type OneShotWorkflow,
  type SavedDocuments,
  type Signing,
  type TokenUid,
} from 'videoid';

const rao: OneShotRao = { username: 'u', password: 'p', pin: '1', rao: '1400' };
const signer: NewVideoId = { profile: 'PFnubeQAFCiudadano', email: 'anna@example.com', mobilePhoneNumber: '+34600000000' };
const hook: ClientOptions = { hook: (event) => console.log(event.operation) };

/** From the documents on both workflows have the same steps. */
async function signed(flow: OneShotWorkflow, signal: AbortSignal): Promise<SavedDocuments> {
  const approved: OneShotOutcome = await flow.approve(rao, { signal });
  if (!approved.approved) await flow.validate({ token: 'x', rao: '1400' });
  await flow.documents(['a.pdf', new URL('file:///b.pdf'), new Blob(['x']), Buffer.from('x')], { onProgress: ({ sent }) => void sent });
  const path: string = (await flow.contract('contract.pdf')).path;
  await flow.contractShown();
  const options: GenerateOtpOptions = { deliveryMethod: 'sms', signal };
  const next: number = (await flow.otp(options)).nextAllowedAt;
  const signing: Signing = { secret: `${next}${path}`, placements: [{ documentUid: 'uid', position: '1,1,2,2', page: 0 }] };
  if ((await flow.sign(signing)).waitsFor === OneShotWait.Saving) await flow.look();
  const saved = await flow.save(new URL('file:///folder/'));
  await flow.delete('folder', { timeout: 1000 });
  return saved;
}

export async function stories(signal: AbortSignal): Promise<void> {
  const config: OneShotConfig = { baseUrl: 'https://optimizer.example.com', environment: 'production', dialect: Dialect.Legacy, env: 'prod' };
  await using client = new OneShot(config, hook);
  const external = new OneShotExternal(OneShot.fromEnv({ strict: true }), { store: async (state: string) => void state });
  const evidence = await Evidence.build({ documentFront: 'front.jpg' });
  const { handle }: OneShotOutcome = await external.submit(signer, evidence, 'video.mp4', { signal });
  await signed(external, signal);

  const eidas: OneShotEidas = OneShotEidas.resume(client, external.state, { onEvent: ({ kind }) => void kind });
  const link: string | undefined = (await eidas.start(signer)).videoidLink;
  await eidas.waitForUser({ deadlineMs: 1000 }, { inbox: new WebhookInbox(), signal });
  await eidas.adopt(handle);
  await eidas.createAnew();
  await eidas.refuse(rao, link ?? 'blurred');
  const nothing: void = await eidas.cancel({ signal });

  const token: TokenUid = (await client.createToken({ username: 'u', password: 'p' })).tokenUid;
  const uids: DocumentUid[] = (await client.uploadDocuments(handle.requestPk, ['a.pdf'])).documents.flatMap(({ uid }) => (uid ? [uid] : []));
  await client.getDocument(handle.requestPk, uids[0]!, 'signed', 'signed.pdf');
  const request = { ...signer, token, givenName: 'ANNA MARIA', surname1: 'ERIKSSON', serialNumber: 'D23145890' };
  const { requestPk } = await client.createOneshotRequest(request, 'front.jpg', new Blob(['x']), { documentRear: 'rear.jpg', signal });
  await client.generateOtp(requestPk, { deliveryMethod: 'sms' });
  const routes: string[] = Object.values(ONE_SHOT_OPERATIONS).map(({ route, legacyRoute }) => route || legacyRoute);
  console.log(nothing, routes);

  // @ts-expect-error a token is not the uid of a document
  await client.getDocument(handle.requestPk, token, 'signed', 'signed.pdf');
  // @ts-expect-error an operation of a VideoID takes its handle, which has both keys
  await client.uploadVideoidVideo(handle.requestPk, 'video.mp4');
  // @ts-expect-error documents are a list
  await external.documents('a.pdf');
  // @ts-expect-error the user films with External VideoID nowhere
  await external.waitForUser({ deadlineMs: 1000 });
  // @ts-expect-error evidence is the vendor's own with eIDAS VideoID
  await eidas.submit(signer, evidence, 'video.mp4');
  // @ts-expect-error a workflow of this API takes its client
  void new OneShotEidas(RegistrationAuthority.fromEnv());
  // @ts-expect-error no such setting
  void new OneShot({ videoPk: 'request_pk' });
  // @ts-expect-error an officer has an id
  await eidas.approve({ username: 'u' });
}
