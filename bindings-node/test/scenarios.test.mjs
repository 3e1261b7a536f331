// The scenarios that every language runs.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { runScenario, scenarios } from './lib/runner.mjs';
import { REPO } from './lib/sandbox.mjs';

const folder = join(REPO, 'tests/scenarios');

for (const scenario of scenarios(folder, readdirSync(folder)).filter(({ alone }) => !alone)) {
  test(`scenario ${scenario.name}`, { timeout: 120_000 }, () => runScenario(scenario));
}
