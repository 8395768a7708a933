import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test, vi } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { createCloudWatchUsage } from '../../src/adapters/cloudwatch-usage.ts';
import { createTable } from '../../src/adapters/create-table.ts';
import { createDynamoTickStore } from '../../src/adapters/dynamo-tick-store.ts';
import { INSTANCE_TYPES } from '../../src/adapters/instance-types.ts';
import { createSageMakerRunningFleets } from '../../src/adapters/sagemaker-running-fleets.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { createRecommendations, type Recommend, type ServiceAdvice } from '../../src/cost/recommendations.ts';
import { createMonthlyNote } from '../../src/monthly-note.ts';
import type { TickStore } from '../../src/ports/tick-store.ts';
import type { Environment } from '../../src/rollout/candidate.ts';
import { known, unknown } from '../../src/rollout/observation.ts';
import { initialState, type ServiceState } from '../../src/rollout/state.ts';
import type { Strategy } from '../../src/rollout/strategy.ts';
import { awsClientsFor } from '../support/aws-env.ts';
import { type Dynalite, startDynalite } from '../support/dynalite.ts';
import { canary } from '../support/guarded.ts';
import { candidate } from '../support/rollout-facts.ts';
import { story } from '../support/story.ts';
import { MINUTE_MS, makeGuarded, STRATEGIES, startUpdate } from './sagemaker-emulator-guarded.ts';
import { ask, makeConfig, type Setup, setUp } from './sagemaker-emulator-setup.ts';

const DAY_MS = 24 * 60 * MINUTE_MS;
const SLOW_MS = 30_000;
const { plans } = candidate(1);
const SERVICE = {
  service: 'survival',
  // A key for its volume, which serverless does not have.
  plans: {
    staging: { ...plans.staging, endpointName: 'staging', kmsKeyId: 'alias/ours' },
    prod: { ...plans.prod, endpointName: 'prod' },
  },
  maxP95Ms: 60_000,
};

describe('a recommendation from the metrics of SageMaker', () => {
  let setup: Setup;
  let clients: AwsClients;
  beforeEach(async () => {
    setup = await setUp();
    clients = awsClientsFor({ SAGEMAKER: setup.running.url, CLOUDWATCH: setup.running.url });
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    clients.destroy();
    await setup.close();
  });

  const recommend = (state: ServiceState = initialState('survival'), strategy?: Strategy) => {
    const prod = strategy === undefined ? SERVICE.plans.prod : { ...SERVICE.plans.prod, strategy };
    return createRecommendations({
      services: [{ ...SERVICE, plans: { ...SERVICE.plans, prod } }],
      rollouts: { state: async () => known(state) },
      running: createSageMakerRunningFleets(clients.sagemaker),
      usage: createCloudWatchUsage(clients.cloudwatch),
      prices: { currency: 'USD', perInstanceHour: { 'ml.m5.large': 0.115 } },
      offered: INSTANCE_TYPES,
      nowMs: setup.nowMs,
    })('survival');
  };
  const asksInVain = (abortSignal: AbortSignal): Promise<unknown> =>
    setup.runtime
      .invokeEndpoint({ EndpointName: 'staging', ContentType: 'text/csv', Body: '1,female,29' }, { abortSignal })
      .catch((error: unknown) => (error instanceof Error ? error.name : error));
  const of = (advice: ServiceAdvice, environment: Environment) =>
    advice.environments.find((one) => one.environment === environment);

  test('is serverless where hardly anybody asks, and fewer instances where that cannot be, with the numbers of two weeks', async () => {
    await makeGuarded(setup);
    for (let day = 0; day < 15; day += 1) {
      for (let n = 0; n < 4; n += 1) await ask(setup, 'prod');
      setup.pass(DAY_MS);
    }
    expect(of(await recommend(), 'prod')).toMatchObject({
      runs: { kind: 'instances', instanceType: 'ml.m5.large', count: 4 },
      recommendation: {
        advice: { kind: 'serverless' },
        numbers: { requests: 4 * 14, busiestMinute: 1 },
        saves: { perHour: 4 * 0.115, how: 'at most' },
      },
    });
    // What SageMaker guards cannot be serverless, and keeps what its strategy needs: half of it is a whole one.
    const half = { ...canary, traffic: { kind: 'canary', percent: 50, bakeSeconds: 600 } } as const;
    expect(of(await recommend(initialState('survival'), half), 'prod')).toMatchObject({
      recommendation: { advice: { kind: 'fewer', count: 2 }, saves: { perHour: 0.23, how: 'exactly' } },
    });
    // A canary of 10 % would need ten of them.
    expect(of(await recommend(initialState('survival'), canary), 'prod')).toMatchObject({
      recommendation: { advice: { kind: 'leave' }, saves: null },
    });
  });

  test('is to leave it where its peaks need what it has, though it idles at nearly all times', async () => {
    await makeConfig(setup, 'v1');
    await setup.sagemaker.createEndpoint({ EndpointName: 'staging', EndpointConfigName: 'v1' });
    setup.pass(MINUTE_MS);
    await setup.running.control.setFault({ kind: 'slowModel', endpoint: 'staging', ms: SLOW_MS });
    // A minute in each of 25 periods: three requests of half a minute keep one and a half of its two cores busy. What
    // they took counts as they arrive, so nobody waits for the answers.
    for (let n = 1; n <= 25; n += 1) {
      const hurry = new AbortController();
      const answers = [1, 2, 3].map(() => asksInVain(hurry.signal));
      const arrived = async () => (await setup.running.control.state()).invocations['staging/v1/AllTraffic'];
      await expect.poll(arrived, { interval: 5 }).toBe(3 * n);
      hurry.abort();
      expect(await Promise.all(answers)).toEqual(Array(3).fill('AbortError'));
      setup.pass(5 * MINUTE_MS);
    }
    setup.pass(13 * DAY_MS);
    expect(of(await recommend(), 'staging')).toMatchObject({
      recommendation: {
        advice: { kind: 'leave' },
        reason: expect.stringMatching(
          /^CPU peaks at 76 % and memory at 33 % of an instance\. Fewer: staging needs one\. /,
        ),
        numbers: { requests: 75, busiestMinute: 3, p95Peak: expect.closeTo(SLOW_MS, -1) },
      },
    });
  });

  test('is none before a week is over, counted from when this version came', async () => {
    await makeGuarded(setup);
    setup.pass(20 * DAY_MS);
    const promoted = story().promotes(1).state;
    const { prod } = promoted.environments;
    const came = (days: number): ServiceState => ({
      ...promoted,
      environments: {
        ...promoted.environments,
        prod: {
          ...prod,
          stack: prod.stack.map((one) => ({ ...one, at: new Date(setup.nowMs() - days * DAY_MS).toISOString() })),
        },
      },
    });
    expect(of(await recommend(came(6)), 'prod')).toMatchObject({
      recommendation: { advice: { kind: 'not-enough-data' }, reason: expect.stringMatching(/^CloudWatch has 6 days/) },
    });
    expect(of(await recommend(came(8)), 'prod')).not.toMatchObject({
      recommendation: { advice: { kind: 'not-enough-data' } },
    });
  });

  test('is none of what does not run, is being changed, or cannot be read', async () => {
    expect(of(await recommend(), 'staging')).toEqual({
      kind: 'not-now',
      environment: 'staging',
      why: 'nothing runs',
    });
    await makeGuarded(setup);
    await startUpdate(setup, STRATEGIES.canary);
    expect(of(await recommend(), 'prod')).toMatchObject({ kind: 'not-now', why: 'it is Updating' });
    const changing = story().promotes(1).begins(2, { strategy: canary }).to('prod').sends('prod').state;
    expect(of(await recommend(changing), 'prod')).toMatchObject({ kind: 'not-now', why: 'it is being changed' });
    const { read } = createCloudWatchUsage(clients.cloudwatch);
    expect(await read('prod', 'prod', { fromMs: 60_000, toMs: 60_000 })).toEqual(
      unknown(expect.stringContaining('ValidationException')),
    );
  });
});

describe('the monthly note', () => {
  const TABLE = 'titanic-rollouts';
  const MORNING = new Date('2026-12-01T08:43:00.000Z');
  let dynalite: Dynalite;
  let clients: AwsClients;
  let ticks: TickStore;
  beforeAll(async () => {
    dynalite = await startDynalite();
    clients = awsClientsFor({ DYNAMODB: dynalite.endpoint });
    await createTable({ client: clients.dynamo.repeatable, table: TABLE, clock: createSystemClock() });
    ticks = createDynamoTickStore({ clients: clients.dynamo, table: TABLE });
  });
  afterAll(async () => {
    clients.destroy();
    await dynalite.close();
  });

  const runs = { kind: 'instances', instanceType: 'ml.m5.large', count: 4 } as const;
  const fewer = { advice: { kind: 'fewer', count: 2 }, reason: 'It is idle.', numbers: null, saves: null } as const;
  const leave = { ...fewer, advice: { kind: 'leave' } } as const;

  function replica(service: string, recommendation: typeof fewer | typeof leave, recommend?: Recommend) {
    const told: string[] = [];
    const run = createMonthlyNote({
      services: [service],
      recommend:
        recommend ??
        (async (name) => ({
          service: name,
          environments: [{ kind: 'judged', environment: 'prod', runs, recommendation }],
          prices: null,
        })),
      ticks,
      channel: {
        post: async (message) => {
          told.push(message.text);
          return { kind: 'posted', ts: '1.1' };
        },
      },
      render: ({ service: name }) => ({ text: name, blocks: [] }),
      log: { info() {}, warn() {}, error() {} },
    });
    return { run, told };
  }

  it('is told once a month by one of several replicas, on whichever morning one is there', async () => {
    const replicas = [replica('one', fewer), replica('one', fewer), replica('one', fewer)];
    await Promise.all(replicas.map(({ run }) => run(MORNING)));
    const told = () => replicas.flatMap((each) => each.told);
    expect(told()).toEqual(['one']);
    await replicas[0]?.run(new Date(MORNING.getTime() + DAY_MS));
    expect(told()).toHaveLength(1);
    // On the first of January nobody was there.
    await replicas[1]?.run(new Date('2027-01-03T08:43:00.000Z'));
    expect(told()).toHaveLength(2);
  });

  it('says nothing where nothing is to be changed, and a service that fails keeps no other from being looked at', async () => {
    const quiet = replica('quiet', leave);
    await quiet.run(MORNING);
    expect(quiet.told).toEqual([]);
    const failing = replica('failing', fewer, () => Promise.reject(new Error('no')));
    await expect(failing.run(MORNING)).resolves.toBeUndefined();
    expect(failing.told).toEqual([]);
  });
});
