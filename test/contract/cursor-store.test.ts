import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { createDynamoLogStore } from '../../src/adapters/dynamo-log-store.ts';
import type { Cursor, CursorStore } from '../../src/ports/log-store.ts';
import { awsErrorAnswer, type FaultyProxy } from '../support/faulty-proxy.ts';
import { type FaultyTable, startFaultyTable } from '../support/faulty-table.ts';

const TABLE = 'titanic-rollouts';
const PUT = 'DynamoDB_20120810.PutItem';

let faulty: FaultyTable;
let proxy: FaultyProxy;
let clients: AwsClients;
let store: CursorStore;
let services = 0;

const freshService = () => {
  services += 1;
  return `survival-${services}`;
};
const cursor = (version: number, claim: string | null = null): Cursor => ({ version, claim, seq: 7, cards: {} });

beforeAll(async () => {
  faulty = await startFaultyTable();
  ({ proxy, clients } = faulty);
  store = createDynamoLogStore({ clients: clients.dynamo, table: TABLE });
});

afterEach(() => {
  proxy.mode = () => ({ kind: 'pass' });
});

afterAll(() => faulty.close());

describe('the cursor in DynamoDB', () => {
  it('is null where there is none, and comes back as saved', async () => {
    const service = freshService();
    const card = { channel: 'C0TITANIC', ts: '1700000000.000100', digest: 'sha256:1', updates: 3, confirmed: false };
    const saved: Cursor = { version: 1, claim: 'claim-1', seq: 7, cards: { [`${service}-1`]: card } };
    expect(await store.cursor(service)).toBeNull();
    expect(await store.saveCursor(service, saved, null)).toBe(true);
    expect(await store.cursor(service)).toEqual(saved);
  });

  it('leaves out a card that another release wrote differently', async () => {
    const service = freshService();
    const card = { channel: 'C0TITANIC', ts: '1700000000.000100', digest: 'sha256:1', updates: 3, confirmed: true };
    const key = { pk: { S: `service#${service}` }, sk: { S: 'announcer' } };
    const cards = { S: JSON.stringify({ new: card, old: { channel: 'C0TITANIC', ts: '1', settled: true } }) };
    const item = { ...key, version: { N: '4' }, claim: { NULL: true }, seq: { N: '9' }, cards } as const;
    await clients.dynamo.repeatable.send(new PutItemCommand({ TableName: TABLE, Item: item }));
    expect(await store.cursor(service)).toEqual({ version: 4, claim: null, seq: 9, cards: { new: card } });
  });

  it('is saved only over the version that was read', async () => {
    const service = freshService();
    expect(await store.saveCursor(service, cursor(1), null)).toBe(true);
    expect(await store.saveCursor(service, cursor(1, 'late'), null)).toBe(false);
    expect(await store.saveCursor(service, cursor(2), 1)).toBe(true);
    expect(await store.saveCursor(service, cursor(2, 'late'), 1)).toBe(false);
    expect(await store.cursor(service)).toEqual(cursor(2));
  });

  it('is not made anew over a version that is gone', async () => {
    expect(await store.saveCursor(freshService(), cursor(6), 5)).toBe(false);
  });

  it('goes to exactly one of twenty that claim it', async () => {
    const service = freshService();
    await store.saveCursor(service, cursor(1), null);
    const claims = Array.from({ length: 20 }, (_, claimer) => `claim-${claimer}`);
    const won = await Promise.all(claims.map((claim) => store.saveCursor(service, cursor(2, claim), 1)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect((await store.cursor(service))?.claim).toBe(claims[won.indexOf(true)]);
  });

  it('throws when it is unclear whether it was saved, and reading again shows it', async () => {
    const service = freshService();
    proxy.mode = (call) => ({ kind: call.operation === PUT ? 'lose-reply' : 'pass' });
    await expect(store.saveCursor(service, cursor(1, 'mine'), null)).rejects.toThrow(/may not be saved/);
    expect((await store.cursor(service))?.claim).toBe('mine');
  });

  it('throws when it cannot be read', async () => {
    proxy.mode = () => awsErrorAnswer('AccessDeniedException', 'no');
    await expect(store.cursor(freshService())).rejects.toThrow(/could not be read: AccessDeniedException/);
  });
});
