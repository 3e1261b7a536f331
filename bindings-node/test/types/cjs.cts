// What `require` sees of the types. Compiled by `npm run typecheck`, not run.

import videoid = require('videoid');

const { EidasVideoId, Evidence, ExternalVideoId, OneShot, OneShotExternal, RegistrationAuthority, VideoIdError } = videoid;

export const resume = (ra: videoid.RegistrationAuthority, state: string): videoid.EidasVideoId => EidasVideoId.resume(ra, state);

export const oneShot = (state: string): videoid.OneShotExternal => OneShotExternal.resume(new OneShot({ dialect: 'legacy' }), state);

export async function flow(): Promise<videoid.OfficerOutcome> {
  const ra = new RegistrationAuthority({ environment: 'sandbox', videoPk: 'request_pk' });
  const evidence: videoid.Evidence = await Evidence.build({ documentFront: 'front.jpg' });
  const workflow = new ExternalVideoId(ra);
  try {
    await workflow.submit({ profile: 'PFnubeQAFCiudadano', email: 'anna@example.com' }, evidence, 'video.mp4');
  } catch (error) {
    if (VideoIdError.is(error, 'workflow_step')) return workflow.refuse({ username: 'u', password: 'p', pin: '1', raoId: '1400' }, error.detail);
    throw error;
  } finally {
    ra.close();
  }
  return workflow.approve({ username: 'u', password: 'p', pin: '1', raoId: '1400' });
}
