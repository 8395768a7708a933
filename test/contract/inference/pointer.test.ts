/** The inference API behind a pointer: the real service, the emulator's two endpoints, and the table over its wire. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RunningSageMaker } from '../../../sandbox/sagemaker/start-sagemaker.ts';
import type { AwsClients } from '../../../src/adapters/aws-clients.ts';
import { createTable } from '../../../src/adapters/create-table.ts';
import { createDynamoPointerStore } from '../../../src/adapters/dynamo-pointer-store.ts';
import { createSystemClock } from '../../../src/adapters/system-clock.ts';
import type { PointerStore } from '../../../src/ports/pointer-store.ts';
import { awsClientsFor } from '../../support/aws-env.ts';
import { type Dynalite, startDynalite } from '../../support/dynalite.ts';
import { type FaultyProxy, startFaultyProxy } from '../../support/faulty-proxy.ts';
import { KEYS, startApi, type TestApi, until } from './api-setting.ts';
import { ENDPOINT, startSurvival } from './setting.ts';

const TABLE = 'titanic-rollouts';
const POINTED = { INFERENCE_API_POINTER_TABLE: TABLE, INFERENCE_API_POINTER_SERVICE: 'survival' };
/** Version 1 serves here and version 3 there. */
const BLUE = ENDPOINT;
const GREEN = `${ENDPOINT}-green`;
/** A boy of five: version 1 knows no age, so the two answer differently. */
const BOY = '{"class":3,"sex":"male","age":5}';
const FLIPS = 20;
const ASKERS = 8;

let sagemaker: RunningSageMaker;
let dynalite: Dynalite;
let proxy: FaultyProxy;
let clients: AwsClients;
let pointers: PointerStore;
let api: TestApi;
let seq = 0;

const flip = (endpointName: string) => {
  seq += 1;
  const version = endpointName === BLUE ? 1 : 3;
  const at = new Date().toISOString();
  return pointers.flip('survival', { seq, endpointName, configName: `c-${version}`, version, at });
};

beforeAll(async () => {
  sagemaker = await startSurvival();
  await sagemaker.control.console('CreateEndpoint', { EndpointName: GREEN, EndpointConfigName: 'c-3' });
  await until(async () => (await sagemaker.control.state()).endpoints.every((e) => e.EndpointStatus === 'InService'));
  dynalite = await startDynalite();
  proxy = await startFaultyProxy(dynalite.endpoint);
  // The bot's own way to the table is not the service's.
  clients = awsClientsFor({ DYNAMODB: dynalite.endpoint });
  await createTable({ client: clients.dynamo.repeatable, table: TABLE, clock: createSystemClock() });
  pointers = createDynamoPointerStore({ clients: clients.dynamo, table: TABLE });
  await flip(BLUE);
  api = await startApi({ sagemaker: sagemaker.url, table: proxy.url }, POINTED);
  await until(async () => (await api.ask('/readyz')).ok);
});

beforeEach(async () => {
  proxy.mode = () => ({ kind: 'pass' });
});

afterAll(async () => {
  await api.stop();
  clients.destroy();
  await proxy.close();
  await dynalite.close();
  await sagemaker.close();
  vi.unstubAllEnvs();
});

const versionNow = async () => (await api.predict(BOY)).headers.get('x-model-package-version');
const readyz = async () => {
  const reply = await api.ask('/readyz');
  const { missing, stale } = (await reply.json()) as { missing: string[]; stale: string[] };
  return { status: reply.status, missing, stale };
};

describe('the inference API behind a pointer', () => {
  test('answers from the other endpoint within a second of a flip, and says so in every answer', async () => {
    const tookMs: number[] = [];
    for (const [endpoint, version] of [
      [GREEN, '3'],
      [BLUE, '1'],
      [GREEN, '3'],
      [BLUE, '1'],
    ] as const) {
      await flip(endpoint);
      const flippedAtMs = performance.now();
      await until(async () => (await versionNow()) === version);
      tookMs.push(performance.now() - flippedAtMs);
      await until(async () => (await api.ask('/v1/model')).ok);
      expect(await (await api.ask('/v1/model')).json()).toMatchObject({
        endpoint,
        version: Number(version),
        pointer: { entry: seq, readSecondsAgo: expect.any(Number) },
      });
    }
    expect(Math.max(...tookMs)).toBeLessThan(1_000);
  });

  test('loses no request in many flips under load, and each answer bears the version that gave it', async () => {
    const often = { ...POINTED, INFERENCE_API_POINTER_EVERY_MS: '50' };
    const quick = await startApi({ sagemaker: sagemaker.url, table: proxy.url }, often);
    await until(async () => (await quick.ask('/readyz')).ok);
    const faults: string[] = [];
    const bodies = new Map<string, Set<string>>();
    let busy = true;
    const asker = async () => {
      while (busy) {
        const reply = await quick.predict(BOY).catch((error: unknown) => String(error));
        if (typeof reply === 'string' || reply.status !== 200) {
          faults.push(typeof reply === 'string' ? reply : `${reply.status} ${await reply.text()}`);
          continue;
        }
        const version = reply.headers.get('x-model-package-version') ?? 'none';
        bodies.set(version, (bodies.get(version) ?? new Set()).add(await reply.text()));
      }
    };
    const askers = Array.from({ length: ASKERS }, asker);
    const neverUnready = async () => {
      while (busy) {
        const { status } = await quick.ask('/readyz');
        if (status !== 200) faults.push(`/readyz ${status}`);
      }
    };
    askers.push(neverUnready());
    const line = (n: number) => `"entry":${n},`;
    for (let n = 1; n <= FLIPS; n += 1) {
      expect(await flip(n % 2 === 0 ? BLUE : GREEN)).toEqual({ kind: 'stands' });
      // Each one is followed, so there were as many under load as there are flips.
      await until(() => quick.log().includes(line(seq)));
    }
    busy = false;
    await Promise.all(askers);
    await quick.stop();

    expect(faults).toEqual([]);
    // Each version gave one answer, and no answer was without one: none was taken for the other endpoint's.
    expect([...bodies.keys()].sort()).toEqual(['1', '3']);
    expect([...bodies.values()].map((texts) => texts.size)).toEqual([1, 1]);
    expect(bodies.get('1')).not.toEqual(bodies.get('3'));
  });

  test('goes on where it was led last while the table is away, and says for how long', async () => {
    await flip(GREEN);
    const followed = `"entry":${seq},`;
    await until(() => api.log().includes(followed));
    proxy.mode = () => ({ kind: 'hang' });
    await until(async () => (await readyz()).stale.length > 0);
    expect(await readyz()).toMatchObject({ status: 200, missing: [], stale: [expect.stringContaining('last read')] });
    expect((await api.predict(BOY)).status).toBe(200);
    await flip(BLUE);
    expect(await versionNow()).toBe('3');
    const metrics = await (await api.ask('/metrics', { key: KEYS.metrics ?? '' })).text();
    expect(Number(/^titanic_inference_pointer_age_seconds (\S+)$/m.exec(metrics)?.[1])).toBeGreaterThan(1);
    expect(metrics).toMatch(new RegExp(`^titanic_inference_pointer_entry ${seq - 1}$`, 'm'));
    expect(metrics).toMatch(/^titanic_inference_pointer_reads_total\{result="failed"\} [1-9]/m);
    proxy.mode = () => ({ kind: 'pass' });
    await until(async () => (await versionNow()) === '1');
    expect(await readyz()).toMatchObject({ status: 200, stale: [] });
    expect(api.log()).toContain('the pointer is followed again');
  });

  test('that never read it is not ready, asks no model, and comes to itself', async () => {
    const away = await startFaultyProxy(dynalite.endpoint);
    away.mode = () => ({ kind: 'hang' });
    const blind = await startApi({ sagemaker: sagemaker.url, table: away.url }, POINTED);
    expect((await (await blind.ask('/readyz')).json()) as object).toMatchObject({
      status: 'not ready',
      missing: ['which endpoint serves has not been read yet'],
    });
    const refused = await blind.predict(BOY);
    expect(await refused.json()).toMatchObject({ status: 503, type: '/docs#endpoint-unknown' });
    expect(refused.headers.get('retry-after')).toBe('2');
    expect((await blind.ask('/v1/model')).status).toBe(503);
    const metrics = await (await blind.ask('/metrics', { key: KEYS.metrics ?? '' })).text();
    expect(metrics).not.toMatch(/^titanic_inference_pointer_(age_seconds|entry) /m);
    away.mode = () => ({ kind: 'pass' });
    await until(async () => (await blind.predict(BOY)).ok);
    await blind.stop();
    await away.close();
  });
});
