import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { createTable } from '../../src/adapters/create-table.ts';
import { startCron } from '../../src/adapters/cron.ts';
import { createDynamoTickStore } from '../../src/adapters/dynamo-tick-store.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { createNightlyVerify } from '../../src/nightly-verify.ts';
import type { TickStore } from '../../src/ports/tick-store.ts';
import type { Check } from '../../src/verify-live/check.ts';
import { awsClientsFor } from '../support/aws-env.ts';
import { type Dynalite, startDynalite } from '../support/dynalite.ts';

const TABLE = 'titanic-rollouts';
const NIGHT = new Date('2026-11-24T03:17:00.000Z');

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

function check(status: Check['status']): Check {
  return { name: 'config', environment: 'prod', status, expected: 'a', found: 'b', todo: null };
}

/** A replica whose verify always finds the same, and the texts that it told the channel. */
function replica(service: string, status: Check['status']) {
  const told: string[] = [];
  const run = createNightlyVerify({
    services: [service],
    verify: async () => [check(status)],
    ticks,
    channel: {
      post: async (message) => {
        told.push(message.text);
        return { kind: 'posted', ts: '1.1' };
      },
    },
    render: (name, checks) => ({ text: `${name}: ${checks.length}`, blocks: [] }),
    log: { info() {}, warn() {}, error() {} },
  });
  return { run, told };
}

describe('the nightly comparison', () => {
  it('is made by one of several replicas, and told where something differs', async () => {
    const replicas = [replica('one', 'different'), replica('one', 'different'), replica('one', 'different')];
    await Promise.all(replicas.map(({ run }) => run(NIGHT)));
    expect(replicas.flatMap(({ told }) => told)).toEqual(['one: 1']);
    await replicas[0]?.run(new Date(NIGHT.getTime() + 86_400_000));
    expect(replicas.flatMap(({ told }) => told)).toHaveLength(2);
  });

  it('says nothing where all is as recorded, or where it could not be read', async () => {
    const fine = replica('fine', 'ok');
    const unread = replica('unread', 'unknown');
    await fine.run(NIGHT);
    await unread.run(NIGHT);
    expect([...fine.told, ...unread.told]).toEqual([]);
  });

  it('is started by the clock, and no more once it was stopped', async () => {
    let runs = 0;
    const cron = startCron('* * * * * *', async () => {
      runs += 1;
    });
    await expect.poll(() => runs, { timeout: 5_000 }).toBeGreaterThan(0);
    await cron.stop();
    const before = runs;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(runs).toBe(before);
  });
});
