import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { createDynamoPointerStore } from '../../src/adapters/dynamo-pointer-store.ts';
import { createPointerReader } from '../../src/adapters/inference-pointer.ts';
import { pointerItem } from '../../src/adapters/pointer-item.ts';
import type { Pointer, PointerStore } from '../../src/ports/pointer-store.ts';
import { awsErrorAnswer, type FaultyProxy } from '../support/faulty-proxy.ts';
import { type FaultyTable, startFaultyTable } from '../support/faulty-table.ts';

const TABLE = 'titanic-rollouts';
let faulty: FaultyTable;
let proxy: FaultyProxy;
let clients: AwsClients;
let store: PointerStore;

beforeAll(async () => {
  faulty = await startFaultyTable();
  ({ proxy, clients } = faulty);
  store = createDynamoPointerStore({ clients: clients.dynamo, table: TABLE });
});

afterEach(() => {
  proxy.mode = () => ({ kind: 'pass' });
});

afterAll(() => faulty.close());

const at = (seq: number, colour: string, version: number | null = seq): Pointer => ({
  seq,
  endpointName: `titanic-survival-prod-${colour}`,
  configName: `titanic-survival-prod-v${seq}-r${seq}`,
  version,
  at: '2026-12-01T08:00:00.000Z',
});

describe('the pointer in the table', () => {
  it('is what was flipped to last, for each service alone', async () => {
    expect(await store.pointer('one')).toBeNull();
    expect(await store.flip('one', at(5, 'blue'))).toEqual({ kind: 'stands' });
    expect(await store.flip('one', at(9, 'green', null))).toEqual({ kind: 'stands' });
    expect(await store.pointer('one')).toEqual(at(9, 'green', null));
    expect(await store.pointer('two')).toBeNull();
  });

  it('is flipped by the same entry again as if it were the first time, because its reply may have been lost', async () => {
    proxy.mode = () => ({ kind: 'lose-reply' });
    expect(await store.flip('again', at(5, 'blue'))).toMatchObject({ kind: 'unclear' });
    proxy.mode = () => ({ kind: 'pass' });
    expect(await store.flip('again', at(5, 'blue'))).toEqual({ kind: 'stands' });
    expect(await store.flip('again', at(5, 'green'))).toMatchObject({ kind: 'overtaken', by: at(5, 'blue') });
    expect(await store.flip('again', { ...at(5, 'blue'), configName: 'other' })).toMatchObject({ kind: 'overtaken' });
  });

  it('is never flipped back by one who was asleep, in whatever order they come', async () => {
    const flips = Array.from({ length: 30 }, (_, n) => at(n + 1, n % 2 === 0 ? 'blue' : 'green'));
    const shuffled = flips.toSorted((a, b) => ((a.seq * 17) % 31) - ((b.seq * 17) % 31));
    const outcomes = await Promise.all(shuffled.map((flip) => store.flip('many', flip)));
    expect(outcomes.map((one) => one.kind)).not.toContain('unclear');
    expect(await store.pointer('many')).toEqual(at(30, 'green'));
    for (const late of flips.slice(0, -1)) expect((await store.flip('many', late)).kind).toBe('overtaken');
    expect(await store.pointer('many')).toEqual(at(30, 'green'));
  });

  it.each([
    ['throttled', awsErrorAnswer('ProvisionedThroughputExceededException', 'slow down')],
    ['denied', awsErrorAnswer('AccessDeniedException', 'no')],
  ])('says nothing of a flip that was %s, and is as it was', async (_, answer) => {
    await store.flip('refused', at(5, 'blue'));
    proxy.mode = () => answer;
    expect(await store.flip('refused', at(9, 'green'))).toMatchObject({ kind: 'unclear' });
    await expect(store.pointer('refused')).rejects.toThrow('the pointer could not be read');
    proxy.mode = () => ({ kind: 'pass' });
    expect(await store.pointer('refused')).toEqual(at(5, 'blue'));
  });

  it('knows that it was overtaken even where it cannot be read by whom', async () => {
    await store.flip('unread', at(9, 'green'));
    proxy.mode = ({ operation }) =>
      operation.endsWith('GetItem') ? awsErrorAnswer('AccessDeniedException', 'no') : { kind: 'pass' };
    expect(await store.flip('unread', at(5, 'blue'))).toEqual({ kind: 'overtaken', by: null });
  });

  it.each([
    ['no endpoint', { endpoint: { S: '../other' } }],
    ['no entry', { seq: { N: '0' } }],
    ['no version', { version: { S: 'latest' } }],
  ])('that is malformed (%s) leads nowhere, for bot and inference API alike', async (_, forged) => {
    const Item = { ...pointerItem('forged', at(5, 'blue')), ...forged };
    await clients.dynamo.repeatable.send(new PutItemCommand({ TableName: TABLE, Item }));
    await expect(store.pointer('forged')).rejects.toThrow('the pointer is malformed');
    const reader = createPointerReader(clients.dynamo.once, { table: TABLE, service: 'forged', withinMs: 1_000 });
    await expect(reader.read()).rejects.toThrow('the pointer is malformed');
  });
});
