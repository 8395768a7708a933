import { describe, expect, test } from 'vitest';
import { agesNeeded, needsOf } from '../../../src/rollout/needs.ts';
import { known, type Observation, type Reading, unknown } from '../../../src/rollout/observation.ts';
import { observe } from '../../../src/rollout/observe.ts';
import { createHandClock } from '../../support/hand-clock.ts';
import { NO_ALARMS, NO_FLEETS } from '../../support/no-alarms.ts';
import { operator, PLANS } from '../../support/rollout-facts.ts';
import { rollback } from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';
import { engineOn, storeOf } from '../../support/told-engine.ts';

const NEVER = new Promise<never>(() => {});
const two = story().promotes(1).promotes(2);

/** What a pass sees while describes of staging hang; `limitsPass`: time limits that are set run out at once. */
function seenWithSlowStaging(told: Story): Promise<Observation> {
  const { state, nowMs, settings } = told;
  const ports = {
    clock: { ...createHandClock(nowMs), sleep: async () => undefined },
    registry: { byArn: () => NEVER, byVersion: () => NEVER, newestApproved: () => NEVER, list: () => NEVER },
    alarms: NO_ALARMS,
    fleets: NO_FLEETS,
    endpoints: {
      describe: (environment: 'staging' | 'prod') => (environment === 'staging' ? NEVER : soon(known(null))),
      chain: () => soon(known(null)),
      tags: () => soon(known({})),
      prepare: () => NEVER,
      send: () => NEVER,
    },
  };
  const ages = Object.fromEntries(agesNeeded(state).map((seq) => [seq, 60_000]));
  return observe(ports, { settings, plans: PLANS }, state, needsOf(state, nowMs), ages);
}

/** An answer that takes a few turns. */
async function soon<T>(reading: Reading<T>): Promise<Reading<T>> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  return reading;
}

describe('while prod goes back', () => {
  test('a staging that is not read in time is unknown, and prod is seen all the same', async () => {
    const told = two.begins(3).prepared('staging').tells(operator, rollback('prod')).goesBack('prod');
    const seen = await seenWithSlowStaging(told);
    expect(seen.endpoints.prod).toMatchObject({ kind: 'known' });
    expect(seen.endpoints.staging).toEqual({ kind: 'unknown', why: 'prod goes back first' });
    expect(seen.seals[told.subject]).toEqual({ kind: 'unknown', why: 'prod goes back first' });
  });

  test('a staging that is not known keeps nothing from prod', () => {
    const told = two.begins(3).prepared('staging').tells(operator, rollback('prod')).goesBack('prod');
    const sight = { staging: unknown('slow'), prod: { configName: two.config('prod', 2) } };
    expect(told.sees(sight).events).toMatchObject([{ type: 'CallIntended', environment: 'prod' }]);
  });
});

describe('while nothing goes back', () => {
  test('a slow reading is waited for: an answer is worth more than haste', async () => {
    const told = two.begins(3).prepared('staging');
    const first = await Promise.race([seenWithSlowStaging(told), soon(known('nothing yet'))]);
    expect(first).toEqual(known('nothing yet'));
  });
});

describe('while people are waited for', () => {
  test('the approvers are read twice a minute, however often a pass is made', async () => {
    const approved = two.begins(3).to('approved');
    let asked = 0;
    const approvers = async () => {
      asked += 1;
      return known([]);
    };
    const look = approved.look('staging');
    const staging = look.kind === 'known' ? look.value.endpoint : null;
    const { engine, clock } = engineOn(approved, storeOf(approved), 'a', { approvers, staging });
    for (let pass = 0; pass < 300; pass += 1) {
      await engine.pass('survival');
      clock.move(2_000);
    }
    // Ten minutes.
    expect(asked).toBeGreaterThanOrEqual(19);
    expect(asked).toBeLessThanOrEqual(21);
    expect(await engine.state('survival')).toMatchObject({
      value: { rollouts: [{ status: 'approved', waiting: { code: 'quorum-lost' } }] },
    });
  });
});
