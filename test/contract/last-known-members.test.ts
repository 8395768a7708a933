import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startSlack } from '../../sandbox/slack/start-slack.ts';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { createTable } from '../../src/adapters/create-table.ts';
import { createDynamoMembershipStore } from '../../src/adapters/dynamo-membership-store.ts';
import { createLastKnownMembers } from '../../src/adapters/last-known-members.ts';
import { connectSlack } from '../../src/adapters/slack-connection.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { awsClientsFor, silentLogger } from '../support/aws-env.ts';
import { type Dynalite, startDynalite } from '../support/dynalite.ts';
import { createHandClock } from '../support/hand-clock.ts';

const TABLE = 'titanic-rollouts';
const HOUR_MS = 3_600_000;
const NOW_MS = Date.parse('2026-03-02T09:00:00.000Z');

let dynalite: Dynalite;
let clients: AwsClients;
const store = () => createDynamoMembershipStore({ clients: clients.dynamo, table: TABLE });

beforeAll(async () => {
  dynalite = await startDynalite();
  clients = awsClientsFor({ DYNAMODB: dynalite.endpoint });
  await createTable({ client: clients.dynamo.repeatable, table: TABLE, clock: createSystemClock() });
});

afterAll(async () => {
  clients.destroy();
  await dynalite.close();
  vi.unstubAllEnvs();
});

describe('who was in a group when Slack last said so', () => {
  it('is known to a process that was started since, and to every replica', async () => {
    const clock = createHandClock(NOW_MS);
    const before = createLastKnownMembers({ store: store(), clock, log: silentLogger });
    before.remember('S0ONE', ['U0ALICE', 'U0BOB']);
    const after = createLastKnownMembers({ store: store(), clock, log: silentLogger });
    await expect.poll(() => after.recall('S0ONE')).toEqual({ users: ['U0ALICE', 'U0BOB'], atMs: NOW_MS });
    expect(await after.recall('S0NEVER')).toBeNull();
  });

  it('counts for 24 hours, and not from far ahead either', async () => {
    const clock = createHandClock(NOW_MS);
    const members = createLastKnownMembers({ store: store(), clock, log: silentLogger });
    members.remember('S0TWO', ['U0ALICE']);
    clock.move(24 * HOUR_MS);
    expect(await members.recall('S0TWO')).toMatchObject({ users: ['U0ALICE'] });
    clock.move(1);
    expect(await members.recall('S0TWO')).toBeNull();
    const slow = createLastKnownMembers({
      store: store(),
      clock: createHandClock(NOW_MS - 25 * HOUR_MS),
      log: silentLogger,
    });
    expect(await slow.recall('S0TWO')).toBeNull();
  });

  it('is the newest that any replica read, and what is away keeps nobody from what is known here', async () => {
    const clock = createHandClock(NOW_MS);
    const here = createLastKnownMembers({ store: store(), clock, log: silentLogger });
    here.remember('S0THREE', ['U0ALICE']);
    clock.move(2 * HOUR_MS);
    const there = createLastKnownMembers({ store: store(), clock, log: silentLogger });
    there.remember('S0THREE', ['U0BOB']);
    await expect.poll(() => here.recall('S0THREE')).toMatchObject({ users: ['U0BOB'] });

    const away = {
      members: () => Promise.reject(new Error('away')),
      saveMembers: () => Promise.reject(new Error('away')),
    };
    const alone = createLastKnownMembers({ store: away, clock, log: silentLogger });
    expect(await alone.recall('S0THREE')).toBeNull();
    alone.remember('S0THREE', ['U0CAROL']);
    clock.move(2 * HOUR_MS);
    expect(await alone.recall('S0THREE')).toMatchObject({ users: ['U0CAROL'] });
  });
});

describe('the directory of Slack', () => {
  it('reads every hour the groups that nobody asked for, and goes by them after a restart while Slack is away', async () => {
    const slack = await startSlack({ rateLimits: { enabled: false } });
    const clock = createSystemClock();
    const start = () =>
      connectSlack({
        botToken: slack.botToken,
        appId: undefined,
        apiUrl: slack.apiUrl,
        channel: 'C0TITANIC',
        approvers: { kind: 'usergroup', usergroup: 'S0APPROVERS', quorum: 1 },
        operators: { kind: 'users', users: ['U0OPERATOR'] },
        memberships: store(),
        clock,
        log: silentLogger,
      }).directory;
    try {
      await start().refresh();
      await expect.poll(() => store().members('S0APPROVERS')).not.toBeNull();
      const reads = async () => (await slack.control.calls({ method: 'usergroups.users.list' })).length;
      expect(await reads()).toBe(1);
      // Another replica finds it done.
      const second = start();
      await second.refresh();
      expect(await reads()).toBe(1);
      await slack.control.putGroup({ id: 'S0APPROVERS', state: 'unreadable' });
      expect(await second.approvers()).toMatchObject({ kind: 'unknown' });
      expect(await second.lastKnown('approvers')).toContain('U0ALICE');
      expect(await second.lastKnown('operators')).toEqual(['U0OPERATOR']);
    } finally {
      await slack.close();
    }
  });
});
