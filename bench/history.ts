/** History, evidence and a cold start on a record of 100 entries and on one of 100,000, alternating in one run. */
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { startDynamo } from '../sandbox/start-dynamo.ts';
import { createAwsClients } from '../src/adapters/aws-clients.ts';
import { createTable } from '../src/adapters/create-table.ts';
import { createDynamoLogStore } from '../src/adapters/dynamo-log-store.ts';
import { createSystemClock } from '../src/adapters/system-clock.ts';
import { collectEvidence } from '../src/evidence/collect.ts';
import { evidenceText, exportEvidence } from '../src/evidence/export.ts';
import type { LogStore } from '../src/ports/log-store.ts';
import { createServiceLog } from '../src/rollout/log.ts';
import { type LongRecord, writeLongRecord } from './long-record.ts';

const ROUNDS = 15;
const SIZES = process.argv[2] === undefined ? [100, 100_000] : [100, Number(process.argv[2])];
const TABLE = 'titanic-bench';
/** What issue 4 asks for. */
const COLD_START_MS = 2_000;

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const dynamo = await startDynamo();
Object.assign(process.env, {
  AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIABENCH',
  AWS_SECRET_ACCESS_KEY: 'none',
});
const clients = createAwsClients({ log: silent });
const clock = createSystemClock();
await createTable({ client: clients.dynamo.repeatable, table: TABLE, clock });
const store = createDynamoLogStore({ clients: clients.dynamo, table: TABLE });

const records: LongRecord[] = [];
for (const size of SIZES) {
  const startedMs = performance.now();
  const service = `survival-${size}`;
  const save = (state: { seq: number; hash: string }, shape: number) =>
    store.saveSnapshot(service, { seq: state.seq, hash: state.hash, shape, state: JSON.stringify(state) });
  const record = await writeLongRecord(clients.dynamo.repeatable, TABLE, service, size, save);
  records.push(record);
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0);
  console.log(`${record.entries} entries, ${(record.bytes / 1e6).toFixed(1)} MB, written in ${seconds} s`);
}

/** As at the start of a process: nothing is known yet. */
async function load(service: string, from: LogStore = store): Promise<number> {
  const { state, broken } = await createServiceLog(service, from, clock).load();
  if (broken !== null) throw new Error(`broken at ${broken.seq}`);
  return state.ended.length;
}

async function evidence({ service, last }: LongRecord): Promise<void> {
  const found = await collectEvidence(store, service, last);
  if (found.kind !== 'found') throw new Error(`${last}: ${found.kind}`);
  evidenceText(exportEvidence(found.collected));
}

const measured = new Map<string, number[]>();
async function time(what: string, run: () => Promise<unknown>): Promise<void> {
  const startedMs = performance.now();
  await run();
  measured.set(what, [...(measured.get(what) ?? []), performance.now() - startedMs]);
}
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const record of records) {
    await time(`cold start and history ${record.entries}`, () => load(record.service));
    await time(`evidence ${record.entries}`, () => evidence(record));
  }
  if (round === 0) measured.clear(); // Warm-up.
}

const median = (what: string) =>
  (measured.get(what) ?? []).toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
const [small, large] = records;
if (small === undefined || large === undefined) throw new Error('two sizes are compared');
for (const what of ['cold start and history', 'evidence']) {
  const [few, many] = [median(`${what} ${small.entries}`), median(`${what} ${large.entries}`)];
  console.log(`${what}: ${few.toFixed(1)} ms and ${many.toFixed(1)} ms, × ${(many / few).toFixed(2)}`);
}
const unaided: LogStore = { ...store, snapshot: async () => null };
const startedMs = performance.now();
await load(large.service, unaided);
console.log(
  `the first start after an upgrade that throws snapshots away: ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`,
);
const slow = median(`cold start and history ${large.entries}`) > COLD_START_MS;
if (slow) console.log(`a cold start takes more than ${COLD_START_MS} ms`);
clients.destroy();
await dynamo.close();
process.exit(slow ? 1 : 0);
