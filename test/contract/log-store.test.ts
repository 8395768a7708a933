import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { createDynamoLogStore } from '../../src/adapters/dynamo-log-store.ts';
import type { LogStore, StoredEntry } from '../../src/ports/log-store.ts';
import { awsErrorAnswer, type FaultyProxy, type ProxyMode } from '../support/faulty-proxy.ts';
import { type FaultyTable, startFaultyTable } from '../support/faulty-table.ts';

const TABLE = 'titanic-rollouts';
const PUT = 'DynamoDB_20120810.PutItem';
const QUERY = 'DynamoDB_20120810.Query';

let faulty: FaultyTable;
let proxy: FaultyProxy;
let clients: AwsClients;
let store: LogStore;
let services = 0;

const entry = (seq: number, body = `{"seq":${seq}}`): StoredEntry => {
  return { seq, body, hash: `hash-${seq}`, prevHash: `hash-${seq - 1}` };
};
const freshService = () => {
  services += 1;
  return `survival-${services}`;
};
const forPuts = (mode: ProxyMode) => {
  proxy.mode = (call) => (call.operation === PUT ? mode : { kind: 'pass' });
};
const callsOf = (operation: string) => proxy.calls.filter((call) => call.operation === operation).length;

beforeAll(async () => {
  faulty = await startFaultyTable();
  ({ proxy, clients } = faulty);
  store = createDynamoLogStore({ clients: clients.dynamo, table: TABLE });
});

afterEach(() => {
  proxy.mode = () => ({ kind: 'pass' });
  proxy.calls.length = 0;
});

afterAll(() => faulty.close());

describe('the log in DynamoDB', () => {
  it('stores an entry once and says so', async () => {
    const service = freshService();
    expect(await store.append(service, entry(1))).toEqual({ kind: 'stored' });
    expect(await store.append(service, { ...entry(1), hash: 'other' })).toEqual({ kind: 'exists' });
    expect(await store.read(service, 1)).toEqual(entry(1));
    expect(await store.read(service, 2)).toBeNull();
  });

  it('writes the item as the contract promises it', async () => {
    const service = freshService();
    await store.append(service, entry(42));
    const key = { pk: { S: `service#${service}` }, sk: { S: 'log#000000000042' } };
    const { Item } = await clients.dynamo.repeatable.send(new GetItemCommand({ TableName: TABLE, Key: key }));
    expect(Item).toEqual({ ...key, body: { S: '{"seq":42}' }, hash: { S: 'hash-42' }, prevHash: { S: 'hash-41' } });
  });

  it('keeps every byte of a body', async () => {
    const service = freshService();
    const body = JSON.stringify({ note: 'Größe "x" \u0000 \ud83d\udea2 \u2028' });
    await store.append(service, entry(1, body));
    expect((await store.read(service, 1))?.body).toBe(body);
  });

  it('reads what comes after a seq, in order, and nothing of another service', async () => {
    const service = freshService();
    for (const seq of [1, 2, 3, 9, 10, 11, 100]) await store.append(service, entry(seq));
    await store.append(`${service}0`, entry(4));
    await store.saveSnapshot(service, { seq: 2, hash: 'h', shape: 1, state: '{}' });
    expect((await store.after(service, 2)).map(({ seq }) => seq)).toEqual([3, 9, 10, 11, 100]);
    expect(await store.after(service, 100)).toEqual([]);
  });

  it('reads a log of several megabytes page by page', async () => {
    const service = freshService();
    const body = 'x'.repeat(380_000);
    for (let seq = 1; seq <= 7; seq += 1) await store.append(service, entry(seq, body));
    const read = await store.after(service, 0);
    expect(read.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(callsOf(QUERY)).toBeGreaterThan(2);
    const flags = proxy.calls.filter((call) => call.operation === QUERY).map(({ body: sent }) => JSON.parse(sent));
    expect(flags.every((sent) => sent.ConsistentRead === true)).toBe(true);
  });

  it('lets exactly one of fifty writers win a seq', async () => {
    const service = freshService();
    const bodies = Array.from({ length: 50 }, (_, writer) => `{"writer":${writer}}`);
    const outcomes = await Promise.all(bodies.map((body) => store.append(service, entry(1, body))));
    expect(outcomes.filter(({ kind }) => kind === 'stored')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'exists')).toHaveLength(49);
    const winner = outcomes.findIndex(({ kind }) => kind === 'stored');
    expect((await store.read(service, 1))?.body).toBe(bodies[winner]);
  });

  it('calls a lost reply unclear, and reading back shows that the entry is there', async () => {
    const service = freshService();
    forPuts({ kind: 'lose-reply' });
    expect(await store.append(service, entry(1))).toEqual({ kind: 'unclear' });
    expect(callsOf(PUT)).toBe(1);
    expect(await store.read(service, 1)).toEqual(entry(1));
    proxy.mode = () => ({ kind: 'pass' });
    expect(await store.append(service, entry(1))).toEqual({ kind: 'exists' });
  });

  it('calls a reply that never comes unclear, and closes its socket', async () => {
    forPuts({ kind: 'hang' });
    const coming = proxy.nextCall();
    expect(await store.append(freshService(), entry(1))).toEqual({ kind: 'unclear' });
    await (await coming).closed;
  });

  it.each([
    ['a 500', awsErrorAnswer('InternalServerError', 'Internal error', 500)],
    ['a 503', awsErrorAnswer('ServiceUnavailable', 'Try later', 503)],
    ['a page of a proxy', { kind: 'answer', status: 403, body: '<html>Forbidden</html>' }],
    ['a 408', awsErrorAnswer('RequestTimeoutException', 'too slow', 408)],
    ['an unknown code', awsErrorAnswer('SomethingNewException', 'new', 400)],
  ] satisfies [string, ProxyMode][])('calls %s unclear and tries only once', async (_, mode) => {
    forPuts(mode);
    expect(await store.append(freshService(), entry(1))).toEqual({ kind: 'unclear' });
    expect(callsOf(PUT)).toBe(1);
  });

  it.each([
    ['ThrottlingException', 'Rate of requests exceeds the allowed throughput.'],
    ['ProvisionedThroughputExceededException', 'The level of configured provisioned throughput is exceeded.'],
    ['RequestLimitExceeded', 'Throughput exceeds the current throughput limit for your account.'],
    ['ValidationException', 'Item size has exceeded the maximum allowed size'],
    ['AccessDeniedException', 'User is not authorized to perform: dynamodb:PutItem'],
    ['ExpiredTokenException', 'The security token included in the request is expired'],
    ['com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', 'Requested resource not found'],
  ])('takes %s as a definite no, in words, after one attempt', async (code, message) => {
    forPuts(awsErrorAnswer(code, message));
    const outcome = await store.append(freshService(), entry(1));
    expect(outcome).toMatchObject({ kind: 'refused', why: expect.stringContaining(message.replace(/\.$/, '')) });
    expect(callsOf(PUT)).toBe(1);
  });

  it('refuses an entry that is too large for an item before sending it', async () => {
    const outcome = await store.append(freshService(), entry(1, 'ü'.repeat(195_001)));
    expect(outcome).toEqual({ kind: 'too-large', bytes: 390_002, most: 390_000 });
    expect(proxy.calls).toHaveLength(0);
    expect(await store.append(freshService(), entry(1, 'ü'.repeat(195_000)))).toEqual({ kind: 'stored' });
  });

  it('retries reads, and throws in words when they cannot be done', async () => {
    const service = freshService();
    await store.append(service, entry(1));
    let failures = 2;
    proxy.mode = () => (failures-- > 0 ? awsErrorAnswer('InternalServerError', 'oops', 500) : { kind: 'pass' });
    expect(await store.after(service, 0)).toHaveLength(1);
    proxy.mode = () => awsErrorAnswer('AccessDeniedException', 'not authorized to perform: dynamodb:Query');
    await expect(store.after(service, 0)).rejects.toThrow(/could not be read: AccessDeniedException: not authorized/);
    await expect(store.read(service, 1)).rejects.toThrow(/could not be read/);
  });

  it('shows a tampered entry as empty where something is missing, for the chain to find', async () => {
    const service = freshService();
    const key = { pk: { S: `service#${service}` }, sk: { S: 'log#000000000001' } };
    const item = { ...key, body: { S: '{}' } };
    await clients.dynamo.repeatable.send(new PutItemCommand({ TableName: TABLE, Item: item }));
    expect(await store.after(service, 0)).toEqual([{ seq: 1, body: '{}', hash: '', prevHash: '' }]);
  });
});

describe('the snapshot', () => {
  const snapshot = (seq: number, shape = 1) => ({ seq, hash: `hash-${seq}`, shape, state: `{"seq":${seq}}` });

  it('is null where there is none, and comes back as saved', async () => {
    const service = freshService();
    expect(await store.snapshot(service)).toBeNull();
    await store.saveSnapshot(service, snapshot(50));
    expect(await store.snapshot(service)).toEqual(snapshot(50));
  });

  it('is never set back by a replica that is behind', async () => {
    const service = freshService();
    await store.saveSnapshot(service, snapshot(100));
    await store.saveSnapshot(service, snapshot(50));
    expect(await store.snapshot(service)).toEqual(snapshot(100));
  });

  it('is replaced when the shape changed', async () => {
    const service = freshService();
    await store.saveSnapshot(service, snapshot(100, 1));
    await store.saveSnapshot(service, snapshot(50, 2));
    expect(await store.snapshot(service)).toEqual(snapshot(50, 2));
  });

  it('throws when it cannot be saved', async () => {
    forPuts(awsErrorAnswer('ThrottlingException', 'slow down'));
    await expect(store.saveSnapshot(freshService(), snapshot(1))).rejects.toThrow(/not saved: ThrottlingException/);
  });
});
