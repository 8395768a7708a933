import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  describeProd,
  makeAlarms,
  makeGuarded,
  STRATEGIES,
  type StrategyName,
  shareOfNew,
  startUpdate,
  traffic,
  trip,
  wordsOf,
} from './sagemaker-emulator-guarded.ts';
import { type Setup, setUp } from './sagemaker-emulator-setup.ts';

let setup: Setup;
beforeEach(async () => {
  setup = await setUp();
  await makeGuarded(setup);
});
afterEach(() => setup.close());

interface Look {
  readonly untilMs: number;
  readonly words: string;
  readonly share: number;
  /** Instances that run: old and new. */
  readonly old: number;
  readonly fresh: number;
}

const look = (untilMs: number, words: string, share: number, old: number, fresh: number): Look => ({
  untilMs,
  words,
  share,
  old,
  fresh,
});

/** Each step with the instant at which it is over, added up by hand. */
const COURSES: Readonly<Record<StrategyName, readonly Look[]>> = {
  'all at once': [
    look(750, 'Creating: Launching 4 instance(s).', 0, 4, 0),
    look(800, 'ActivatingTraffic: Activating traffic on full capacity of 4 instance(s).', 0, 4, 4),
    look(
      600_800,
      'Baking: Baking for 600 seconds (TerminationWaitInSeconds) with traffic enabled on full capacity of 4 instance(s).',
      1,
      4,
      4,
    ),
    look(601_000, 'Updating: Running on full capacity of 4 instance(s).', 1, 4, 4),
  ],
  canary: [
    look(750, 'Creating: Launching 4 instance(s).', 0, 4, 0),
    look(800, 'ActivatingTraffic: Activating traffic on canary capacity of 1 instance(s).', 0, 4, 1),
    look(
      300_800,
      'Baking: Baking for 300 seconds (TerminationWaitInSeconds) with traffic enabled on canary capacity of 1 instance(s).',
      0.25,
      4,
      1,
    ),
    look(300_850, 'ActivatingTraffic: Activating traffic on full capacity of 4 instance(s).', 0.25, 4, 4),
    look(
      900_850,
      'Baking: Baking for 600 seconds (TerminationWaitInSeconds) with traffic enabled on full capacity of 4 instance(s).',
      1,
      4,
      4,
    ),
    look(901_050, 'Updating: Running on full capacity of 4 instance(s).', 1, 4, 4),
  ],
  linear: [
    look(750, 'Creating: Launching 4 instance(s).', 0, 4, 0),
    look(800, 'ActivatingTraffic: Activating traffic on linear step capacity of 2 instance(s).', 0, 4, 2),
    look(
      120_800,
      'Baking: Baking for 120 seconds (WaitIntervalInSeconds) with traffic enabled on linear step capacity of 2 instance(s).',
      0.5,
      4,
      2,
    ),
    look(120_850, 'ActivatingTraffic: Activating traffic on full capacity of 4 instance(s).', 0.5, 4, 4),
    look(
      240_850,
      'Baking: Baking for 120 seconds (WaitIntervalInSeconds) with traffic enabled on linear step capacity of 4 instance(s).',
      1,
      4,
      4,
    ),
    look(
      840_850,
      'Baking: Baking for 600 seconds (TerminationWaitInSeconds) with traffic enabled on full capacity of 4 instance(s).',
      1,
      4,
      4,
    ),
    look(841_050, 'Updating: Running on full capacity of 4 instance(s).', 1, 4, 4),
  ],
  rolling: [
    look(750, 'Creating: Launching 2 instance(s).', 0, 4, 0),
    look(800, 'ActivatingTraffic: Activating traffic on batch capacity of 2 instance(s).', 0, 4, 2),
    look(
      120_800,
      'Baking: Baking for 120 seconds (WaitIntervalInSeconds) with traffic enabled on batch capacity of 2 instance(s).',
      0.5,
      4,
      2,
    ),
    look(121_000, 'Updating: Running on batch capacity of 2 instance(s).', 0.5, 4, 2),
    look(121_750, 'Creating: Launching 2 instance(s).', 0.5, 2, 2),
    look(121_800, 'ActivatingTraffic: Activating traffic on batch capacity of 2 instance(s).', 0.5, 2, 4),
    look(
      241_800,
      'Baking: Baking for 120 seconds (WaitIntervalInSeconds) with traffic enabled on batch capacity of 2 instance(s).',
      1,
      2,
      4,
    ),
    look(242_000, 'Updating: Running on batch capacity of 2 instance(s).', 1, 2, 4),
  ],
};

const names: readonly StrategyName[] = ['all at once', 'canary', 'linear', 'rolling'];

describe.each(names)('an update %s', (name) => {
  const course = COURSES[name];

  test('goes step by step, and each fleet answers its share of the requests', async () => {
    await startUpdate(setup, STRATEGIES[name]);
    let nowMs = 0;
    const pass = (toMs: number) => {
      setup.pass(toMs - nowMs);
      nowMs = toMs;
    };
    for (const [index, { untilMs, words, share, old, fresh }] of course.entries()) {
      const fromMs = course[index - 1]?.untilMs ?? 0;
      for (const atMs of [fromMs, untilMs - 1]) {
        pass(atMs);
        expect(await wordsOf(setup)).toBe(words);
      }
      expect(await shareOfNew(setup)).toBe(share);
      expect(await describeProd(setup)).toMatchObject({
        EndpointStatus: 'Updating',
        EndpointConfigName: 'v1',
        ProductionVariants: [{ CurrentInstanceCount: old }],
        PendingDeploymentSummary: {
          EndpointConfigName: 'v2',
          ProductionVariants: [{ CurrentInstanceCount: fresh, DesiredInstanceCount: 4 }],
        },
      });
    }
    pass(course.at(-1)?.untilMs ?? 0);
    const done = await describeProd(setup);
    expect(done).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'v2',
      ProductionVariants: [{ CurrentInstanceCount: 4 }],
      LastDeploymentConfig: STRATEGIES[name],
    });
    expect(done.FailureReason).toBeUndefined();
    expect(done.PendingDeploymentSummary).toBeUndefined();
  });

  // The last step takes the old fleet down; nothing is looked at any more.
  test.each(course.slice(0, -1).map(({ untilMs, words }, n) => [n + 1, words, untilMs - 1] as const))(
    'is turned back by the kill switch in step %i, "%s"',
    async (step, _words, atMs) => {
      await startUpdate(setup, STRATEGIES[name]);
      setup.pass(atMs);
      const answered = await shareOfNew(setup);
      await trip(setup);
      expect(await describeProd(setup)).toMatchObject({ EndpointStatus: 'Updating', EndpointConfigName: 'v1' });
      // Where a part of the old fleet is gone, it is started again before its traffic returns.
      const again = name === 'rolling' && step > 4 ? 750 : 0;
      if (again > 0) {
        const { ProductionVariants } = await describeProd(setup);
        expect(ProductionVariants?.[0]?.VariantStatus?.[0]).toMatchObject({ Status: 'Creating' });
        setup.pass(again);
        expect(await shareOfNew(setup)).toBe(answered);
      }
      setup.pass(answered > 0 ? 99 : 0);
      expect(await shareOfNew(setup)).toBe(answered);
      setup.pass(answered > 0 ? 1 : 0);
      expect(await shareOfNew(setup)).toBe(0);
      setup.pass(199);
      expect((await describeProd(setup)).EndpointStatus).toBe('Updating');
      setup.pass(1);
      expect(await describeProd(setup)).toMatchObject({
        EndpointStatus: 'InService',
        EndpointConfigName: 'v1',
        FailureReason: expect.stringContaining('v2-kill-switch'),
        ProductionVariants: [{ CurrentInstanceCount: 4, DesiredInstanceCount: 4 }],
      });
      expect((await setup.running.control.journal()).at(-1)).toMatchObject({ to: 'InService', asAsked: false });
    },
  );

  test('of a candidate that answers 500 is turned back by its alarm, and one that is slow as well', async () => {
    for (const [kind, alarm] of [
      ['modelError', 'v2-errors'],
      ['slowModel', 'v2-latency'],
    ] as const) {
      const alarms = await makeAlarms(setup);
      const { id } = await setup.running.control.setFault({ kind, config: 'v2', ms: 60 });
      await startUpdate(setup, STRATEGIES[name], { alarms });
      setup.pass(800);
      const failed = await traffic(setup, 4);
      expect(failed > 0).toBe(kind === 'modelError');
      const over = await describeProd(setup);
      expect(over).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'v1' });
      expect(over.FailureReason).toContain(alarm);
      await setup.running.control.clearFaults({ id });
      setup.pass(600_000);
    }
  });

  test('of a good candidate is not turned back, whatever the old fleet answers', async () => {
    const alarms = await makeAlarms(setup);
    await setup.running.control.setFault({ kind: 'modelError', config: 'v1' });
    await startUpdate(setup, STRATEGIES[name], { alarms });
    setup.pass(700);
    await traffic(setup, 16);
    expect(await describeProd(setup)).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'v2' });
  });
});
