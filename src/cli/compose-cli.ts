import { type AlarmTrial, type AlarmTrialRequest, tryAlarm } from '../adapters/alarm-trial.ts';
import { type Caller, readCaller, readCallerIdentity } from '../adapters/caller-identity.ts';
import { checkTable, createTable } from '../adapters/create-table.ts';
import { createRandomIds } from '../adapters/random-ids.ts';
import { checkBlocks } from '../adapters/slack-block-check.ts';
import { connectSlack, type SlackConnection } from '../adapters/slack-connection.ts';
import { type SlackSight, seeAppToken, seeSlack } from '../adapters/slack-sight.ts';
import { createSystemClock } from '../adapters/system-clock.ts';
import { type Protection, readTableProtection } from '../adapters/table-protection.ts';
import { composeAws } from '../compose-aws.ts';
import { composeCosts, localPrices } from '../compose-costs.ts';
import type { Settings } from '../config-types.ts';
import type { Costs } from '../cost/costs.ts';
import type { Recommend } from '../cost/recommendations.ts';
import { readEnvironment, type Variables } from '../environment.ts';
import type { Alarms } from '../ports/alarms.ts';
import type { Cleaner } from '../ports/cleaner.ts';
import type { Clock } from '../ports/clock.ts';
import type { Directory } from '../ports/directory.ts';
import type { Endpoints } from '../ports/endpoints.ts';
import type { Fleets } from '../ports/fleets.ts';
import type { Ids } from '../ports/ids.ts';
import type { LogStore } from '../ports/log-store.ts';
import type { Logger } from '../ports/logger.ts';
import type { MembershipStore } from '../ports/membership-store.ts';
import type { ModelRegistry } from '../ports/model-registry.ts';
import type { TableCheck } from '../ports/readiness.ts';
import { createEngine, type Engine } from '../rollout/engine.ts';
import { POLL_TIMES, type ServiceRuntime } from '../rollout/engine-deps.ts';
import { PROTOCOL_TIMES } from '../rollout/input.ts';
import { type Reading, unknown } from '../rollout/observation.ts';
import { serviceRuntime } from '../service-runtime.ts';

/** What the command line asks of Slack. */
export interface SlackSide extends Pick<SlackConnection, 'directory' | 'identities' | 'checks'> {
  /** The app's id, where the environment names one. */
  readonly appId: string | undefined;
  /** Who the bot token is, as Slack says. */
  sight(): Promise<Reading<SlackSight>>;
  /** Whether Slack takes the app-level token. */
  appToken(token: string): Promise<Reading<true>>;
  /** What Slack has against the blocks of a message, without posting it. */
  blocks(blocks: readonly object[]): Promise<Reading<readonly string[]>>;
}

/** What the commands work with: the same core and the same adapters as the bot's. Nothing is called yet. */
export interface Composed {
  readonly settings: Settings;
  readonly runtimes: readonly ServiceRuntime[];
  readonly engine: Engine;
  readonly store: LogStore;
  readonly registry: ModelRegistry;
  readonly endpoints: Endpoints;
  readonly alarms: Alarms;
  readonly fleets: Fleets;
  readonly cleaner: Cleaner;
  /** What runs and costs where these credentials lead, and what endpoints would do with. */
  costs(): Promise<{ readonly costs: Costs; readonly recommend: Recommend }>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly table: {
    check(): Promise<TableCheck>;
    create(): Promise<'created' | 'there'>;
    protection(): Promise<{ readonly recovery: Protection; readonly deletion: Protection }>;
  };
  /** Makes, sets, reads and deletes an alarm in the account of prod. */
  tryAlarm(request: AlarmTrialRequest): Promise<AlarmTrial>;
  /** Who acts, as AWS says. */
  identity(): Promise<Reading<string>>;
  /** The same, and what time it is for AWS. */
  caller(): Promise<Reading<Caller>>;
  /** Why Slack cannot be asked from here, or the way to it. */
  readonly slack: SlackSide | { readonly missing: string };
  close(): void;
}

/** The command line's one composition root. */
export function composeCli(settings: Settings, env: Variables, log: Logger): Composed {
  const { services, aws } = settings;
  const clock = createSystemClock();
  const ids = createRandomIds();
  const awsSide = composeAws(settings, clock, log);
  const { clients, store, memberships, registry, decisions, endpoints, alarms, fleets, smoke, inventory, cleaner } =
    awsSide;
  const slack = slackFor(settings, env, memberships, clock, log);
  const runtimes = services.map((service) => serviceRuntime(settings, service, PROTOCOL_TIMES));
  const engine = createEngine({
    clock,
    ids,
    store,
    endpoints,
    alarms,
    fleets,
    registry,
    decisions,
    smoke,
    inventory,
    cleaner,
    directory: directoryOf(slack),
    services: runtimes,
    poll: POLL_TIMES,
    log,
  });
  const table = { client: clients.dynamo.repeatable, table: aws.table, clock };
  return {
    settings,
    runtimes,
    engine,
    store,
    registry,
    endpoints,
    alarms,
    fleets,
    cleaner,
    clock,
    ids,
    slack,
    async costs() {
      const local = await localPrices(awsSide, settings);
      return composeCosts({ aws: awsSide, settings, runtimes, rollouts: engine, local, clock });
    },
    table: {
      check: () => checkTable(table.client, table.table),
      create: () => createTable(table),
      protection: () => readTableProtection(table.client, table.table),
    },
    tryAlarm: (request) => tryAlarm(clients.cloudwatch.prod.repeatable, request),
    identity: () => readCallerIdentity(clients.sts),
    caller: () => readCaller(clients.sts),
    close: clients.destroy,
  };
}

/** Slack is asked only who may approve, and only where its bot token is at hand. */
function slackFor(
  settings: Settings,
  env: Variables,
  memberships: MembershipStore,
  clock: Clock,
  log: Logger,
): Composed['slack'] {
  if (!env.SLACK_BOT_TOKEN) return { missing: 'SLACK_BOT_TOKEN is not set' };
  // How Slack's requests arrive, and where the bot listens, is the bot's matter.
  const own = { SLACK_APP_TOKEN: 'xapp-not-used', PORT: undefined, LOG_LEVEL: undefined };
  const read = readEnvironment({ ...env, ...own });
  if (!read.ok) return { missing: read.faults.map(({ variable, message }) => `${variable} ${message}`).join('; ') };
  const { botToken, appId, apiUrl } = read.environment.slack;
  const { channel, approvers, operators } = settings.slack;
  const people = { channel, approvers, operators };
  const connection = connectSlack({ botToken: botToken.reveal(), appId, apiUrl, ...people, memberships, clock, log });
  return {
    ...connection,
    appId,
    sight: () => seeSlack(botToken.reveal(), apiUrl, log),
    appToken: (token) => seeAppToken(token, apiUrl, log),
    blocks: (blocks) => checkBlocks(blocks, { botToken: botToken.reveal(), apiUrl, log }),
  };
}

/** Whoever cannot read the approvers touches no prod: it waits. */
function directoryOf(slack: Composed['slack']): Pick<Directory, 'approvers' | 'mandatory'> {
  if (!('missing' in slack)) return slack.directory;
  const { missing } = slack;
  const unasked = () => Promise.resolve(unknown(missing));
  return { approvers: unasked, mandatory: unasked };
}
