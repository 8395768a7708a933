import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { createCloudWatchFleets } from '../../src/adapters/cloudwatch-fleets.ts';
import type { FleetsSeen } from '../../src/rollout/analysis.ts';
import type { FleetsNeed } from '../../src/rollout/observation.ts';
import { awsClientsFor } from '../support/aws-env.ts';
import { MINUTE_MS, makeGuarded, STRATEGIES, startUpdate, traffic } from './sagemaker-emulator-guarded.ts';
import { makeConfig, type Setup, setUp } from './sagemaker-emulator-setup.ts';

let setup: Setup;
let clients: AwsClients;
beforeEach(async () => {
  setup = await setUp();
  await makeGuarded(setup);
  clients = awsClientsFor({ CLOUDWATCH: setup.running.url });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  clients.destroy();
  await setup.close();
});

async function compared(need: Partial<FleetsNeed> = {}): Promise<FleetsSeen> {
  const fleets = createCloudWatchFleets(clients.cloudwatch, { nowMs: setup.nowMs });
  const since = new Date(setup.nowMs() - 5 * MINUTE_MS).toISOString();
  const usual = { endpointName: 'prod', configName: 'v2', oldConfigName: 'v1', since, slowMs: 40 };
  const reading = await fleets.compare('prod', { ...usual, ...need });
  if (reading.kind === 'unknown') throw new Error(reading.why);
  return reading.value;
}

/** A quarter of the traffic is on v2, which answers as told; ten requests in each of five minutes before, so many in three after. */
async function canary(behaviour: string, perMinute: number, slowMs?: number): Promise<string> {
  await makeConfig(setup, 'v3', { behaviour, count: 4 });
  await traffic(setup, 5, 10);
  const since = new Date(setup.nowMs()).toISOString();
  await startUpdate(setup, STRATEGIES.canary, { EndpointConfigName: 'v3' });
  if (slowMs !== undefined) await setup.running.control.setFault({ kind: 'slowModel', config: 'v3', ms: slowMs });
  setup.pass(MINUTE_MS);
  await traffic(setup, 3, perMinute);
  return since;
}

describe('both fleets of a guarded change', () => {
  test('are counted apart, with what served before', async () => {
    const since = await canary('error', 40);
    const { fresh, old, before } = await compared({ configName: 'v3', since });
    expect(fresh).toMatchObject({ requests: 30, errors: 30 });
    expect(old).toMatchObject({ requests: 90, errors: 0, timed: 90, slow: 0 });
    expect(before).toMatchObject({ requests: 50, errors: 0, timed: 50, slow: 0 });
  });

  test('that answer slowly are counted by the limit, and their percentiles are in milliseconds', async () => {
    const since = await canary('class-sex-age', 8, 60);
    const { fresh, old } = await compared({ configName: 'v3', since });
    expect(fresh).toMatchObject({ requests: 6, timed: 6, slow: 6 });
    expect(old.slow).toBe(0);
    expect(fresh.p95Ms).toBeGreaterThan(40);
    expect(old.p95Ms === null || old.p95Ms < 40).toBe(true);
    // Where nobody asks for latency: nothing of it is read.
    expect((await compared({ configName: 'v3', since, slowMs: null })).fresh).toMatchObject({ timed: 0, slow: 0 });
  });

  test('and all requests of an endpoint are counted from a moment on, whichever fleet answered', async () => {
    const fleets = createCloudWatchFleets(clients.cloudwatch, { nowMs: setup.nowMs });
    const since = async (minutes: number, endpointName = 'prod') => {
      const need = { endpointName, since: new Date(setup.nowMs() - minutes * MINUTE_MS).toISOString() };
      return fleets.requests('staging', need);
    };
    expect(await since(60)).toEqual({ kind: 'known', value: 0 });
    await canary('class-sex-age', 8);
    expect(await since(60)).toEqual({ kind: 'known', value: 50 + 24 });
    setup.pass(30 * MINUTE_MS);
    expect(await since(20)).toEqual({ kind: 'known', value: 0 });
    expect(await since(60, 'never-was')).toEqual({ kind: 'known', value: 0 });
  });

  test('without traffic are empty, and that is known', async () => {
    const nothing = { requests: 0, errors: 0, timed: 0, slow: 0, p50Ms: null, p95Ms: null };
    expect(await compared({ configName: 'never-was', oldConfigName: null })).toMatchObject({
      fresh: nothing,
      old: nothing,
    });
  });
});
