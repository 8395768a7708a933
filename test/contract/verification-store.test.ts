import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { keyOf } from '../../src/adapters/dynamo-items.ts';
import { createDynamoVerificationStore } from '../../src/adapters/dynamo-verification-store.ts';
import { createKeptVerification } from '../../src/kept-verification.ts';
import type { VerificationStore } from '../../src/ports/verification-store.ts';
import { type Check, different, notKnown, ok } from '../../src/verify-live/check.ts';
import { awsErrorAnswer, type FaultyProxy } from '../support/faulty-proxy.ts';
import { type FaultyTable, startFaultyTable } from '../support/faulty-table.ts';
import { createStepClock } from '../support/step-clock.ts';

const TABLE = 'titanic-rollouts';
const of = (name: string, environment: Check['environment']) => ({ name, environment });
const CHECKS: readonly Check[] = [
  ok(of('record', null), 'whole'),
  ok(of('config', 'staging'), 'v7'),
  different(of('config', 'prod'), 'v7', 'v5', 'Roll back.'),
  notKnown(of('image', 'prod'), 'v7', 'AccessDenied'),
];
const COUNTS = {
  environments: { staging: { ok: 1, different: 0, unknown: 0 }, prod: { ok: 0, different: 1, unknown: 1 } },
  service: { ok: 1, different: 0, unknown: 0 },
};

let faulty: FaultyTable;
let proxy: FaultyProxy;
let clients: AwsClients;
let store: VerificationStore;

beforeAll(async () => {
  faulty = await startFaultyTable();
  ({ proxy, clients } = faulty);
  store = createDynamoVerificationStore({ clients: clients.dynamo, table: TABLE });
});

afterEach(() => {
  proxy.mode = () => ({ kind: 'pass' });
});

afterAll(() => faulty.close());

/** A replica that verifies by itself, and tells when it did. */
function replica(checks: readonly Check[] = CHECKS) {
  const clock = createStepClock();
  const told: string[] = [];
  const warned: string[] = [];
  const kept = createKeptVerification({
    verify: async () => checks,
    store,
    verified: (service) => void told.push(service),
    clock,
    log: { info: () => undefined, error: () => undefined, warn: (_, message) => void warned.push(message) },
  });
  return { ...kept, clock, told, warned };
}

describe('the last verification', () => {
  it('is none before the first, and is known to every replica afterwards', async () => {
    const [one, other] = [replica(), replica()];
    expect(await other.last('survival')).toEqual({ kind: 'known', value: null });
    expect(await one.verify('survival')).toEqual(CHECKS);
    expect(one.told).toEqual(['survival']);
    expect(await one.last('survival')).toMatchObject({ kind: 'known', value: COUNTS });
    // Another replica reads it again after half a minute.
    expect(await other.last('survival')).toEqual({ kind: 'known', value: null });
    await other.clock.pass(31_000);
    expect(await other.last('survival')).toMatchObject({ kind: 'known', value: COUNTS });
    expect(await other.last('fares')).toEqual({ kind: 'known', value: null });
  });

  it('that could not be kept is told all the same, and is unknown to others, never fine', async () => {
    proxy.mode = () => awsErrorAnswer('AccessDeniedException', 'no');
    const one = replica();
    expect(await one.verify('crew')).toEqual(CHECKS);
    expect(one.warned).toEqual(['a verification could not be kept']);
    expect(await one.last('crew')).toMatchObject({ kind: 'known', value: COUNTS });
    expect((await replica().last('crew')).kind).toBe('unknown');
  });

  it('as somebody else wrote it says nothing', async () => {
    for (const seen of [
      '{',
      '{"at":"yesterday"}',
      JSON.stringify({ at: '2026-11-23T18:00:00.000Z', ...COUNTS, service: 1 }),
    ]) {
      const Item = { ...keyOf('forged', 'verified'), seen: { S: seen } };
      await clients.dynamo.repeatable.send(new PutItemCommand({ TableName: TABLE, Item }));
      expect(await store.lastVerification('forged')).toBeNull();
    }
  });
});
