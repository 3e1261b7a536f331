// The scenarios that want the machine for themselves.

import { test } from 'node:test';

import { runScenario } from './lib/runner.mjs';
import { cases } from './lib/scenarios.mjs';

for (const scenario of cases().filter(({ alone }) => alone)) {
  test(`scenario ${scenario.title}`, { timeout: 300_000 }, () => runScenario(scenario));
}
