// The scenarios that this package is to run, with their variants laid over them.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { REPO } from './sandbox.mjs';

const folder = join(REPO, 'tests/scenarios');

const SCENARIO = ['name', 'about', 'tier', 'target', 'alone', 'sandbox', 'client', 'variants', 'steps', 'received', 'received_mode'];
const VARIANT = ['name', 'args', 'cards', 'settings', 'faults', 'config', 'one_shot', 'identity', 'upload_identity', 'trust', 'url', 'values', 'received', 'received_mode'];

/** Refuses what the runner would otherwise leave out silently. */
export function only(what, given, known) {
  for (const name of Object.keys(given)) if (!known.includes(name)) throw new Error(`${what}: a key that the runner does not know: ${name}`);
}

/** One variant laid over its scenario. */
function laid(scenario, variant) {
  only(`${scenario.name}[${variant.name}]`, variant, VARIANT);
  const { sandbox = {}, client = {}, variants: _, ...rest } = scenario;
  const take = (names) => Object.fromEntries(names.filter((name) => variant[name] !== undefined).map((name) => [name, variant[name]]));
  return {
    ...rest,
    ...take(['received', 'received_mode']),
    title: `${scenario.name}[${variant.name}]`,
    variant,
    sandbox: { ...sandbox, ...take(['args', 'cards', 'faults']), settings: { ...sandbox.settings, ...variant.settings } },
    client: {
      ...client,
      ...take(['identity', 'upload_identity', 'trust', 'url']),
      config: { ...client.config, ...variant.config },
      one_shot: { ...client.one_shot, ...variant.one_shot },
    },
    steps: scenario.steps.filter((step) => step.only === undefined || step.only.includes(variant.name)),
  };
}

/** Each case of each scenario for Node: `name`, or `name[variant]` for each variant. `VIDEOID_SCENARIO` picks some. */
export function cases() {
  const wanted = process.env.VIDEOID_SCENARIO;
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && name !== 'schema.json')
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
    .filter((scenario) => scenario.target.includes('node'))
    .flatMap((scenario) => {
      only(scenario.name, scenario, SCENARIO);
      const { variants } = scenario;
      return variants === undefined ? [{ ...scenario, title: scenario.name }] : variants.map((variant) => laid(scenario, variant));
    })
    .filter(({ name, title }) => wanted === undefined || wanted === name || wanted === title);
}
