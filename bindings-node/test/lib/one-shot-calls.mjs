// The calls of the scenarios that make a step of a One-Shot workflow: `one_shot_eidas_…` and `one_shot_external_…`.

import { OneShotEidas, OneShotExternal, fromWire } from 'videoid';

import { WAIT, waiting } from './meanwhile.mjs';

const rao = (args) => fromWire('OneShotRao', args.rao);
const videoid = (args) => fromWire('NewVideoId', args.videoid);

/** `[arguments, call]` of what both have: `flow` is asked for when it is needed. */
const BOTH = {
  validate: [['rao'], (flow, run, args, options) => flow().validate(rao(args), options)],
  approve: [['rao'], (flow, run, args, options) => flow().approve(rao(args), options)],
  refuse: [['rao', 'reason'], (flow, run, args, options) => flow().refuse(rao(args), args.reason, options)],
  documents: [['documents'], (flow, run, args, options) => flow().documents(args.documents.map((spec) => run.source(spec)), options)],
  contract: [['path'], (flow, run, args, options) => flow().contract(run.path(args.path), options)],
  contract_shown: [[], (flow) => flow().contractShown()],
  otp: [['delivery_method'], (flow, run, args, options) => flow().otp({ ...options, deliveryMethod: args.delivery_method })],
  sign: [['signing'], (flow, run, args, options) => flow().sign(fromWire('Signing', args.signing), options)],
  save: [['folder'], (flow, run, args, options) => flow().save(run.path(args.folder), options)],
  delete: [['folder'], (flow, run, args, options) => flow().delete(run.path(args.folder), options)],
  look: [[], (flow, run, args, options) => flow().look(options)],
  adopt: [['handle'], (flow, run, args) => flow().adopt(fromWire('VideoIdHandle', args.handle))],
  create_anew: [[], (flow) => flow().createAnew()],
  cancel: [[], (flow, run, args, options) => flow().cancel(options)],
};

const calls = (prefix, Kind, own) => {
  const steps = { ...BOTH, ...own };
  const made = Object.entries(steps).map(([name, [known, call]]) => [prefix + name, [known, (run, args, options) => call(() => run.oneShotWorkflow(Kind), run, args, options)]]);
  return { ...Object.fromEntries(made), [`${prefix}resume`]: [['state'], (run, args) => run.resumeOneShot(Kind, args.state)] };
};

export const ONE_SHOT_CALLS = {
  new_one_shot_client: [[], (run) => void (run.oneShot = run.oneShotClient())],
  ...calls('one_shot_external_', OneShotExternal, {
    submit: [
      ['videoid', 'evidence', 'video'],
      (flow, run, args, options) => flow().submit(videoid(args), run.object(args.evidence), run.source(args.video), options),
    ],
  }),
  ...calls('one_shot_eidas_', OneShotEidas, {
    start: [['videoid'], (flow, run, args, options) => flow().start(videoid(args), options)],
    wait_for_user: [WAIT, (flow, run, args, options) => waiting(run, args, options, (limits, more) => flow().waitForUser(limits, more))],
  }),
};
