import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { idleNeeds } from '../../src/cli/doctor/idle-needs.ts';
import { loadSettings } from '../../src/config.ts';
import type { Fleets } from '../../src/ports/fleets.ts';
import { known, type RequestsNeed } from '../../src/rollout/observation.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { NO_FLEETS } from '../support/no-alarms.ts';

/** As quick as these files say only a SageMaker of this machine is. */
const HERE = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
const clock = createHandClock(Date.UTC(2026, 2, 2));

function serviceOf(file: string) {
  const loaded = loadSettings({ env: HERE, readFile: () => readFileSync(`test/support/titanic.${file}.yml`, 'utf8') });
  const service = loaded.ok ? loaded.settings.services[0] : undefined;
  if (service === undefined) throw new Error(file);
  return service;
}

test('doctor asks CloudWatch once how many requests a staging had that is stopped when it has none', async () => {
  const asked: RequestsNeed[] = [];
  const fleets: Fleets = {
    ...NO_FLEETS,
    async requests(_, need) {
      asked.push(need);
      return known(7);
    },
  };
  expect(await idleNeeds({ fleets, clock }, serviceOf('idle'))).toMatchObject([
    { name: 'survival: requests of staging', status: 'ok', detail: '7 in the last 2 hours, by CloudWatch' },
  ]);
  const since = new Date(clock.nowMs() - 2 * 3_600_000).toISOString();
  expect(asked).toEqual([{ endpointName: 'titanic-survival-staging', since }]);
});

test('doctor says that staging is not stopped while CloudWatch does not answer, and asks nothing where it never is', async () => {
  expect(await idleNeeds({ fleets: NO_FLEETS, clock }, serviceOf('idle'))).toMatchObject([
    { status: 'problem', detail: 'not in this test', todo: expect.stringContaining('staging is not stopped') },
  ]);
  expect(await idleNeeds({ fleets: NO_FLEETS, clock }, serviceOf('journey'))).toEqual([]);
});
