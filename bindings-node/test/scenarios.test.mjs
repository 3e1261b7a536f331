// The scenarios that every language runs, a test for each variant.

import { test } from 'node:test';

import { runScenario } from './lib/runner.mjs';
import { cases } from './lib/scenarios.mjs';

for (const scenario of cases().filter(({ alone }) => !alone)) {
  test(`scenario ${scenario.title}`, { timeout: 120_000 }, () => runScenario(scenario));
}
