import { readFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { parse } from 'yaml';
import { z } from 'zod';
import { createHomes, type Homes } from '../../handlers/homes.ts';
import { registerHandlers } from '../../handlers/index.ts';
import { createKnownRoles } from '../../handlers/known-roles.ts';
import { type RunningSlack, type SlackOptions, startSlack } from '../../sandbox/slack/start-slack.ts';
import { createRandomIds } from '../../src/adapters/random-ids.ts';
import { connectSlack, type SlackConnection } from '../../src/adapters/slack-connection.ts';
import { createSlackEdge, type SlackEdge } from '../../src/adapters/slack-edge.ts';
import { createSlackMetrics } from '../../src/adapters/slack-metrics.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { RecordedCards } from '../../src/ports/conversation.ts';
import type { Logger } from '../../src/ports/logger.ts';
import type { VersionListed } from '../../src/ports/model-registry.ts';
import type { Answer, Rollouts, Submission } from '../../src/rollout/api.ts';
import { reason } from '../../src/rollout/reasons.ts';
import { LOG_FORM } from '../../src/rollout/log-form.ts';
import { initialState, type ServiceState } from '../../src/rollout/state.ts';
import { createMemoryMemberships } from '../support/memory-memberships.ts';
import { NO_CLEANER } from '../support/no-inventory.ts';
import { NO_ADVICE, NO_COSTS } from '../support/no-costs.ts';

export type Mode = 'http' | 'socket';
export const MODES: readonly Mode[] = ['http', 'socket'];

const manifestShape = z.object({
  features: z.object({
    app_home: z.object({ home_tab_enabled: z.boolean(), messages_tab_enabled: z.boolean() }),
    shortcuts: z.array(
      z.object({
        name: z.string(),
        type: z.enum(['global', 'message']),
        callback_id: z.string(),
        description: z.string(),
      }),
    ),
    slash_commands: z.array(z.object({ command: z.string() })),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({ event_subscriptions: z.object({ bot_events: z.array(z.string()) }).optional() }),
});

export const manifest = manifestShape.parse(
  parse(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8')),
);

/** A core that remembers what it was asked and answers as told. */
export interface HandWrittenCore extends Rollouts {
  readonly asked: Submission[];
  answerWith(give: (submission: Submission) => Promise<Answer>): void;
  /** What the record says of a service from now on. */
  setState(state: ServiceState): void;
}

export function createCore(): HandWrittenCore {
  const asked: Submission[] = [];
  const states = new Map<string, ServiceState>();
  let give = async (submission: Submission): Promise<Answer> => ({
    kind: 'done',
    reason: reason('manual', { reason: `did ${submission.request.verb}` }),
    subject: null,
  });
  return {
    asked,
    answerWith(next) {
      give = next;
    },
    submit(submission) {
      // As the core does: a key that was seen changes nothing.
      if (asked.some((one) => one.key === submission.key)) {
        return Promise.resolve({ kind: 'duplicate', reason: reason('already-recorded'), subject: null });
      }
      asked.push(submission);
      return give(submission);
    },
    state: async (service) => ({ kind: 'known', value: states.get(service) ?? initialState(service) }),
    setState: (state) => void states.set(state.service, state),
    countRefusals: async () => undefined,
    notStaged: async () => {},
    modelSeen: async () => undefined,
    entries: async () => ({ kind: 'known', value: [] }),
  };
}

export interface Rig {
  readonly slack: RunningSlack;
  readonly core: HandWrittenCore;
  readonly connection: SlackConnection;
  readonly edge: SlackEdge;
  readonly url: string;
  readonly logged: { readonly level: string; readonly facts: unknown; readonly message: string }[];
  readonly recorded: Map<string, { readonly channel: string; readonly ts: string }>;
  readonly homes: Homes;
  stop(): Promise<void>;
}

export interface RigOptions {
  readonly mode: Mode;
  readonly slack?: SlackOptions;
  readonly services?: readonly string[];
  /** What the registry lists of a group. */
  readonly versions?: (group: string) => readonly VersionListed[];
  readonly clock?: Clock;
  readonly sockets?: number;
  readonly lingerMs?: number;
  /** What Slack is like before the bot starts. */
  readonly before?: (slack: RunningSlack) => Promise<void>;
}

/** A local Slack, and the real edge with a core written by hand behind it. */
export async function startRig(options: RigOptions): Promise<Rig> {
  const slack = await startSlack({
    scopes: manifest.oauth_config.scopes.bot,
    botEvents: manifest.settings.event_subscriptions?.bot_events ?? [],
    commands: [...manifest.features.slash_commands.map(({ command }) => command), '/other'],
    ...options.slack,
  });
  await options.before?.(slack);
  const logged: Rig['logged'] = [];
  const keep = (level: string) => (facts: unknown, message: string) => void logged.push({ level, facts, message });
  const log: Logger = { info: keep('info'), warn: keep('warn'), error: keep('error') };
  const clock = options.clock ?? createSystemClock();
  const registry = new Registry();
  const metrics = createSlackMetrics(registry);
  const ids = createRandomIds();
  const connection = connectSlack({
    botToken: slack.botToken,
    appId: undefined,
    apiUrl: slack.apiUrl,
    channel: 'C0TITANIC',
    approvers: { kind: 'usergroup', usergroup: 'S0APPROVERS', quorum: 1 },
    operators: { kind: 'usergroup', usergroup: 'S0OPERATORS' },
    memberships: createMemoryMemberships(),
    clock,
    log,
  });
  const core = createCore();
  const recorded: Rig['recorded'] = new Map();
  const cards: RecordedCards = {
    recorded: async (_, id) => ({ kind: 'known', value: recorded.get(id) ?? null }),
    async cardAt(service, channel, ts) {
      const found = [...recorded].find(([id, at]) => {
        return id.startsWith(`${service}-`) && at.channel === channel && at.ts === ts;
      });
      return { kind: 'known', value: found?.[0] ?? null };
    },
  };
  const services = (options.services ?? ['survival']).map((name) => ({ name, modelPackageGroup: `titanic-${name}` }));
  const claimed = new Set<string>();
  const roles = createKnownRoles({ ordinaryGroups: connection.ordinaryGroups, clock });
  const homes = createHomes({
    services,
    rollouts: core,
    directory: connection.directory,
    roles,
    frozen: () => null,
    tab: connection.home,
    verified: async () => ({ kind: 'known', value: null }),
    costs: NO_COSTS,
    digest: LOG_FORM.digest,
    clock,
    log,
  });
  const edge = await createSlackEdge({
    connection,
    delivery:
      options.mode === 'socket'
        ? {
            kind: 'socket',
            appToken: slack.appToken,
            ...(options.sockets === undefined ? {} : { sockets: options.sockets }),
          }
        : { kind: 'http', signingSecret: slack.signingSecret },
    botToken: slack.botToken,
    apiUrl: slack.apiUrl,
    port: 0,
    lingerMs: options.lingerMs ?? 1,
    listeners: (app) =>
      registerHandlers(app, {
        services,
        rollouts: core,
        verify: async () => [],
        costs: NO_COSTS,
        recommend: NO_ADVICE,
        registry: {
          list: async () => ({ kind: 'known', value: [] }),
          versions: async (group) => ({ kind: 'known', value: options.versions?.(group) ?? [] }),
        },
        channel: connection.channel,
        homes,
        claimOnce: async (_, what) => !claimed.has(what) && claimed.add(what) !== undefined,
        me: connection.identities.current,
        cleaner: NO_CLEANER,
        evidence: async () => ({ kind: 'unknown', why: 'not in this test' }),
        files: connection.files,
        directory: connection.directory,
        frozen: () => null,
        ordinaryGroups: connection.ordinaryGroups,
        roles,
        conversation: connection.conversation,
        cards,
        judgeOrigin: connection.judgeOrigin,
        measure: metrics,
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
  const url = `http://127.0.0.1:${port}`;
  if (options.mode === 'http') slack.setRequestUrl(`${url}/slack/events`);
  else await until(() => edge.ready().ok);
  return {
    slack,
    core,
    connection,
    edge,
    url,
    logged,
    recorded,
    homes,
    async stop() {
      await homes.stop();
      await edge.stop();
      await slack.close();
    },
  };
}

/** Waits for something that happens by itself. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 5_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
