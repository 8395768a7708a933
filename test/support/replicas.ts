import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Registry } from 'prom-client';
import { registerHandlers } from '../../handlers/index.ts';
import { createKnownRoles } from '../../handlers/known-roles.ts';
import { type RunningSlack, startSlack } from '../../sandbox/slack/start-slack.ts';
import { createTable } from '../../src/adapters/create-table.ts';
import { createDynamoLogStore } from '../../src/adapters/dynamo-log-store.ts';
import { createRandomIds } from '../../src/adapters/random-ids.ts';
import { connectSlack } from '../../src/adapters/slack-connection.ts';
import { createSlackEdge, type SlackDelivery } from '../../src/adapters/slack-edge.ts';
import { createSlackMetrics } from '../../src/adapters/slack-metrics.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import type { CursorStore, LogStore } from '../../src/ports/log-store.ts';
import { createEngine } from '../../src/rollout/engine.ts';
import { known, unknown } from '../../src/rollout/observation.ts';
import { manifest } from '../contract/slack-edge-setup.ts';
import { silentLogger } from './aws-env.ts';
import { startDynalite } from './dynalite.ts';
import { createMemoryMemberships } from './memory-memberships.ts';
import { NO_ALARMS, NO_FLEETS } from './no-alarms.ts';
import { NO_CLEANER, NO_INVENTORY, WILLING_REGISTRY } from './no-inventory.ts';
import { PLANS, SETTINGS } from './rollout-facts.ts';
import { NO_ADVICE, NO_COSTS } from './no-costs.ts';

const TABLE = 'titanic-rollouts';

export interface Replica {
  /** Where it is reached over HTTP. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Several bots in this process on one real table and one local Slack: Bolt, handlers and core as they are. */
export interface Replicas {
  readonly slack: RunningSlack;
  readonly store: LogStore & CursorStore;
  start(delivery: 'socket' | 'http'): Promise<Replica>;
  /** How many requests were worked on to their end, by all replicas. */
  answered(): number;
  close(): Promise<void>;
}

/** Nothing moves by itself: no loops run, SageMaker is not asked, and everybody in `people` may do everything. */
export async function startReplicas(options: {
  readonly services: readonly string[];
  readonly people: readonly string[];
}): Promise<Replicas> {
  const { services, people } = options;
  const dynalite = await startDynalite();
  const repeatable = new DynamoDBClient(dynalite.clientConfig);
  const once = new DynamoDBClient({ ...dynalite.clientConfig, maxAttempts: 1 });
  const clock = createSystemClock();
  await createTable({ client: repeatable, table: TABLE, clock });
  const store = createDynamoLogStore({ clients: { repeatable, once }, table: TABLE });
  const slack = await startSlack({
    scopes: manifest.oauth_config.scopes.bot,
    botEvents: [],
    rateLimits: { enabled: false },
  });
  for (const id of people) await slack.control.putUser({ id });
  const channel = (await slack.control.workspace()).world.channels.find(({ id }) => id === 'C0TITANIC');
  await slack.control.putChannel({ id: 'C0TITANIC', members: [...(channel?.members ?? []), ...people] });
  const replicas: Replica[] = [];
  let answered = 0;
  const log = silentLogger;
  const ids = createRandomIds();

  async function start(kind: 'socket' | 'http'): Promise<Replica> {
    const { apiUrl, botToken, appToken, signingSecret } = slack;
    const registry = new Registry();
    const metrics = createSlackMetrics(registry);
    const everybody = { kind: 'users', users: people } as const;
    const connection = connectSlack({
      botToken,
      appId: undefined,
      apiUrl,
      channel: 'C0TITANIC',
      approvers: { ...everybody, quorum: 1 },
      operators: everybody,
      memberships: createMemoryMemberships(),
      clock,
      log,
    });
    const packages = async () => unknown('there is no registry');
    const engine = createEngine({
      clock,
      ids,
      store,
      alarms: NO_ALARMS,
      fleets: NO_FLEETS,
      endpoints: {
        describe: async () => known(null),
        chain: async () => known(null),
        tags: async () => known({}),
        prepare: async () => ({ kind: 'prepared', created: [], adopted: [] }),
        send: async () => ({ kind: 'accepted', requestId: null }),
      },
      registry: { newestApproved: packages, byVersion: packages, byArn: packages, list: packages },
      smoke: { run: async () => null },
      inventory: NO_INVENTORY,
      cleaner: NO_CLEANER,
      decisions: WILLING_REGISTRY,
      directory: connection.directory,
      services: services.map((service) => ({ settings: { ...SETTINGS, service }, plans: PLANS })),
      poll: { underWayMs: 2_000, atRestMs: 15_000 },
      log,
    });
    const delivery: SlackDelivery = kind === 'socket' ? { kind, appToken } : { kind, signingSecret };
    const edge = await createSlackEdge({
      connection,
      delivery,
      botToken,
      apiUrl,
      port: 0,
      lingerMs: 1,
      listeners: (app) =>
        registerHandlers(app, {
          services: services.map((name) => ({ name, modelPackageGroup: `titanic-${name}` })),
          rollouts: engine,
          verify: async () => [],
          costs: NO_COSTS,
          recommend: NO_ADVICE,
          registry: { list: async () => known([]), versions: async () => known([]) },
          cleaner: NO_CLEANER,
          evidence: async () => unknown('not in this test'),
          files: connection.files,
          directory: connection.directory,
          frozen: () => null,
          ordinaryGroups: connection.ordinaryGroups,
          roles: createKnownRoles({ ordinaryGroups: connection.ordinaryGroups, clock }),
          conversation: connection.conversation,
          cards: { recorded: async () => known(null), cardAt: async () => known(null) },
          channel: connection.channel,
          homes: { opened: async () => undefined },
          claimOnce: async () => true,
          me: connection.identities.current,
          judgeOrigin: connection.judgeOrigin,
          measure: {
            refused: metrics.refused,
            answered(...about) {
              answered += 1;
              metrics.answered(...about);
            },
          },
          clock,
          ids,
          log,
        }),
      others: async () => ({ ok: true, detail: 'ready', trouble: [] }),
      metrics,
      registry,
      clock,
      ids,
      log,
    });
    const port = await edge.start();
    const replica = { url: `http://127.0.0.1:${port}`, stop: () => edge.stop() };
    replicas.push(replica);
    return replica;
  }

  return {
    slack,
    store,
    start,
    answered: () => answered,
    async close() {
      await Promise.all(replicas.map((replica) => replica.stop()));
      await slack.close();
      repeatable.destroy();
      once.destroy();
      await dynalite.close();
    },
  };
}
