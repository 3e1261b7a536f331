// The calls of the scenarios that are no operation. Each names the arguments that it knows and how it is made.

import {
  Bundle,
  ClassicRequest,
  EidasVideoId,
  Evidence,
  ExternalVideoId,
  checkRequest,
  checkVideo,
  fromWire,
  nextSteps,
  parseWebhook,
  profile,
  profiles,
  waysOn,
} from 'videoid';

import { WAIT, waiting } from './meanwhile.mjs';
import { ONE_SHOT_CALLS } from './one-shot-calls.mjs';
import { evidenceInput } from './values.mjs';

const signalOnly = ({ signal }) => (signal ? { signal } : {});
const rao = (args) => fromWire('RaoCredentials', args.rao);
const request = (args) => fromWire('NewRequest', args.request);

/** The body of a webhook, padded with spaces; as text or as bytes by its length, since both are to be taken. */
function body({ body: text, pad_to: length = 0 }) {
  const padded = text + ' '.repeat(Math.max(0, length - Buffer.byteLength(text)));
  return padded.length % 2 === 0 ? padded : Buffer.from(padded);
}

async function collected(items) {
  const results = [];
  for await (const item of items) results.push(item);
  return { results };
}

function documents(run, args, name, own) {
  return (args.documents ?? []).map((given) => {
    for (const key of Object.keys(given)) if (key !== name && key !== 'document') throw new Error(`a document with a key that the runner does not know: ${key}`);
    return { [own]: given[name], document: run.source(given.document) };
  });
}

/** `[arguments, call]`; no arguments: the call looks at them itself. */
const CALLS = {
  ...ONE_SHOT_CALLS,

  new_client: [[], (run) => void (run.ra = run.client())],
  client_certificate: [[], (run) => run.made().clientCertificate() ?? null],
  replace_identity: [['identity'], (run, args) => run.made().replaceIdentity(fromWire('ClientIdentity', run.identity(args.identity)))],
  build_evidence: [undefined, (run, args, options) => Evidence.build(evidenceInput(args, (spec) => run.source(spec)), signalOnly(options))],
  check_evidence: [undefined, (run, args, options) => Evidence.check(evidenceInput(args, (spec) => run.source(spec)), signalOnly(options))],
  check_video: [['video', 'limits'], (run, args) => checkVideo(run.source(args.video), args.limits ? { limits: fromWire('Limits', args.limits) } : {})],
  save_bundle: [
    ['dir', 'evidence', 'video'],
    (run, args) => Bundle.save(run.path(args.dir), run.object(args.evidence), args.video === undefined ? undefined : run.source(args.video)),
  ],
  load_bundle: [['dir'], (run, args) => Bundle.load(run.path(args.dir))],
  status_next_steps: [['status'], (_, args) => nextSteps(args.status)],
  ways_on: [['status', 'flow'], (_, args) => waysOn(args.status, args.flow)],
  profiles: [[], () => profiles()],
  profile: [['name'], (_, args) => profile(args.name) ?? null],
  check_request: [['request', 'flow'], (_, args) => checkRequest(request(args), args.flow)],
  parse_webhook: [['body', 'pad_to'], (_, args) => parseWebhook(body(args))],
  receive_webhook: [['body', 'pad_to'], (run, args) => run.inbox.receive(body(args))],
  parse: [['model', 'json'], (_, args) => fromWire(args.model, args.json)],
  wait_for: [
    ['request_pk', 'statuses', ...WAIT],
    (run, args, options) => waiting(run, args, options, (limits, more) => run.made().waitFor(args.request_pk, { ...limits, statuses: args.statuses }, more)),
  ],
  collect_requests: [['filter'], (run, args, options) => collected(run.made().requests(fromWire('RequestFilter', args.filter), options))],
  collect_scratchcards: [['filter'], (run, args, options) => collected(run.made().scratchcards(fromWire('ScratchcardFilter', args.filter), options))],

  workflow_submit: [
    ['request', 'evidence', 'video'],
    (run, args, options) => run.workflow(ExternalVideoId).submit(request(args), run.object(args.evidence), run.source(args.video), options),
  ],
  workflow_validate: [['rao'], (run, args, options) => run.workflow(ExternalVideoId).validate(rao(args), options)],
  workflow_approve: [['rao'], (run, args, options) => run.workflow(ExternalVideoId).approve(rao(args), options)],
  workflow_refuse: [['rao', 'reason'], (run, args, options) => run.workflow(ExternalVideoId).refuse(rao(args), args.reason, options)],
  workflow_resume: [['state'], (run, args) => run.resume(ExternalVideoId, args.state)],
  workflow_ways_on: [[], (run) => run.workflow().waysOn()],
  workflow_cancel: [[], (run, _, options) => run.workflow().cancel(options)],

  eidas_start: [['request'], (run, args, options) => run.workflow(EidasVideoId).start(request(args), options)],
  eidas_wait_for_user: [WAIT, (run, args, options) => waiting(run, args, options, (limits, more) => run.workflow(EidasVideoId).waitForUser(limits, more))],
  eidas_wait_for_operator: [WAIT, (run, args, options) => waiting(run, args, options, (limits, more) => run.workflow(EidasVideoId).waitForOperator(limits, more))],
  eidas_complete: [
    ['update', 'documents'],
    (run, args, options) => {
      const update = args.update ? { update: fromWire('RequestUpdate', args.update) } : {};
      return run.workflow(EidasVideoId).complete({ ...update, documents: documents(run, args, 'label', 'label') }, options);
    },
  ],
  eidas_papers: [['rao_id'], (run, args, options) => run.workflow(EidasVideoId).papers(args.rao_id, options)],
  eidas_approve: [['rao'], (run, args, options) => run.workflow(EidasVideoId).approve(rao(args), options)],
  eidas_resume: [['state'], (run, args) => run.resume(EidasVideoId, args.state)],

  classic_submit: [
    ['request', 'documents'],
    (run, args, options) => run.workflow(ClassicRequest).submit(request(args), documents(run, args, 'document_type', 'documentType'), options),
  ],
  classic_papers: [['rao_id'], (run, args, options) => run.workflow(ClassicRequest).papers(args.rao_id, options)],
  classic_approve: [['rao'], (run, args, options) => run.workflow(ClassicRequest).approve(rao(args), options)],
  classic_resume: [['state'], (run, args) => run.resume(ClassicRequest, args.state)],
};

/** Makes a call that is no operation. */
export async function special(run, name, args, options) {
  if (!Object.hasOwn(CALLS, name)) throw new Error(`a call that the runner does not know: ${name}`);
  const [known, call] = CALLS[name];
  if (known) for (const given of Object.keys(args)) if (!known.includes(given)) throw new Error(`${name}: an argument that the runner does not know: ${given}`);
  return call(run, args, options);
}
