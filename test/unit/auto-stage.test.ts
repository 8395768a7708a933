import { describe, expect, it } from 'vitest';
import { AUTO_STAGE_EVERY_MS, createAutoStage } from '../../src/auto-stage.ts';
import { createTicks } from '../../src/calendar.ts';
import type { AutoStage } from '../../src/rollout/engine-deps.ts';
import { known, type PackageSeen, type Reading, unknown } from '../../src/rollout/observation.ts';
import type { ServiceState } from '../../src/rollout/state.ts';
import { silentLogger } from '../support/aws-env.ts';
import { approver, operator, PLANS, packageSeen } from '../support/rollout-facts.ts';
import { lock } from '../support/sayings.ts';
import { type Story, story } from '../support/story.ts';
import { engineOn, storeOf, submit } from '../support/told-engine.ts';

const two = story().promotes(1).promotes(2);
const PACKAGES: AutoStage = { approvedPackages: true };
const DAILY: AutoStage = { approvedPackages: false, lastTick: createTicks('0 6 * * *', 'UTC') };
const at = (time: string) => new Date(`2026-03-03T${time}Z`);

/** Two replicas' looks on one record; what is approved can be changed. */
function staging(configured: AutoStage, told: Story = two) {
  const store = storeOf(told);
  let newest: Reading<PackageSeen | null> = known(packageSeen(3));
  const claimed = new Set<string>();
  const asked: string[] = [];
  const looks = ['w2', 'w3'].map((writer) => {
    const { engine } = engineOn(told, store, writer);
    return createAutoStage({
      services: [{ settings: told.settings, plans: PLANS, autoStage: configured }],
      rollouts: engine,
      registry: {
        async newestApproved(group) {
          asked.push(group);
          return newest;
        },
      },
      ticks: {
        async claimTick(service, job, instant) {
          const fresh = !claimed.has(`${service} ${job} ${instant}`);
          claimed.add(`${service} ${job} ${instant}`);
          return fresh;
        },
      },
      log: silentLogger,
      everyMs: AUTO_STAGE_EVERY_MS,
    });
  });
  const { engine } = engineOn(told, store, 'w4');
  return {
    asked,
    is: (reading: Reading<PackageSeen | null>) => {
      newest = reading;
    },
    look: async (time: string) => {
      for (const look of looks) await look(at(time));
    },
    async state(): Promise<ServiceState> {
      const reading = await engine.state('survival');
      if (reading.kind === 'unknown') throw new Error(reading.why);
      return reading.value;
    },
    engine,
  };
}

const versions = (state: ServiceState) => state.rollouts.map((r) => r.candidate.version);

describe('rollouts by themselves', () => {
  it('begin once a new package is approved, asked of the registry once every five minutes by one replica', async () => {
    const s = staging(PACKAGES);
    for (const time of ['10:01:00', '10:02:00', '10:04:59']) await s.look(time);
    expect(s.asked).toEqual([]);
    await s.look('10:05:00');
    expect(s.asked).toHaveLength(1);
    const state = await s.state();
    expect(versions(state)).toEqual([3]);
    expect(state.rollouts[0]).toMatchObject({ requester: null, automatic: { kind: 'package' }, quorum: 2 });
    await s.look('10:10:00');
    expect((await s.state()).seq).toBe(state.seq);
  });

  it('write nothing while nothing is new, unreadable, or not there', async () => {
    const s = staging(PACKAGES);
    for (const reading of [known(packageSeen(2)), unknown('throttled'), known(null)]) {
      s.is(reading);
      await s.look('10:05:00');
      await s.look('10:10:00');
    }
    expect((await s.state()).seq).toBe(two.state.seq);
  });

  it('say once what is in the way, ask the registry no more while it is, and begin when it is over', async () => {
    const s = staging(PACKAGES, two.tells(operator, lock('staging')));
    await s.look('10:05:00');
    const noted = await s.state();
    expect(noted.autoStage.waiting).toMatchObject({ version: 3, reason: { code: 'waits-for-lock' } });
    for (const time of ['10:06:00', '10:07:00', '10:10:00']) await s.look(time);
    expect(s.asked).toHaveLength(1);
    expect((await s.state()).seq).toBe(noted.seq);
    await submit(s.engine, operator, { verb: 'unlock', environment: 'staging', reason: 'over' }, 'unlock');
    await s.look('10:11:00');
    const state = await s.state();
    expect(versions(state)).toEqual([3]);
    expect(state.autoStage.waiting).toBeNull();
  });

  it('forget what waits when it is approved no more', async () => {
    const s = staging(PACKAGES, two.begins(1).to('gate'));
    await s.look('10:05:00');
    expect((await s.state()).autoStage.waiting?.version).toBe(3);
    const [gate] = (await s.state()).rollouts;
    await submit(s.engine, approver, { verb: 'reject', rolloutId: gate?.id ?? null, reason: null }, 'reject');
    s.is(known(packageSeen(2)));
    await s.look('10:06:00');
    expect((await s.state()).autoStage.waiting).toBeNull();
    expect(versions(await s.state())).toEqual([]);
  });

  it('begin at the times of a schedule, once, and only of what is new', async () => {
    const s = staging(DAILY);
    await s.look('05:59:00');
    expect(s.asked).toEqual([]);
    await s.look('06:00:00');
    expect(versions(await s.state())).toEqual([3]);
    expect((await s.state()).autoStage.tick).toBe('2026-03-03T06:00:00.000Z');
    const { seq } = await s.state();
    s.is(known(packageSeen(4)));
    for (const time of ['06:01:00', '06:05:00', '07:00:00']) await s.look(time);
    expect((await s.state()).seq).toBe(seq);
  });

  it('make up for a time that nobody was there for, for ten minutes and no longer', async () => {
    const soon = staging(DAILY);
    await soon.look('06:09:00');
    expect(versions(await soon.state())).toEqual([3]);
    const late = staging(DAILY);
    await late.look('06:10:00');
    expect(versions(await late.state())).toEqual([]);
    expect(late.asked).toEqual([]);
  });
});
