import { collectDefaultMetrics, Registry } from 'prom-client';
import { approversMention } from '../blocks/approvers-mention.ts';
import { brokenRecord } from '../blocks/broken-record.ts';
import { namingService } from '../blocks/naming-service.ts';
import { recommendation } from '../blocks/recommendation.ts';
import { createRender } from '../blocks/render.ts';
import { verification } from '../blocks/verification.ts';
import { createHomes } from '../handlers/homes.ts';
import { registerHandlers } from '../handlers/index.ts';
import { createKnownRoles } from '../handlers/known-roles.ts';
import { createBoundedLog } from './adapters/bounded-log.ts';
import { createCoreMetrics } from './adapters/core-metrics.ts';
import { checkTable } from './adapters/create-table.ts';
import { startCron } from './adapters/cron.ts';
import { createDynamoTickStore } from './adapters/dynamo-tick-store.ts';
import { createDynamoVerificationStore } from './adapters/dynamo-verification-store.ts';
import { createRandomIds } from './adapters/random-ids.ts';
import { connectSlack } from './adapters/slack-connection.ts';
import { createSlackEdge } from './adapters/slack-edge.ts';
import { createSlackMetrics } from './adapters/slack-metrics.ts';
import { createRecordedCards } from './adapters/slack-recorded-cards.ts';
import { createSystemClock } from './adapters/system-clock.ts';
import { AUTO_STAGE_EVERY_MS, createAutoStage } from './auto-stage.ts';
import { composeAws } from './compose-aws.ts';
import { composeCosts, localPrices } from './compose-costs.ts';
import type { Config } from './config.ts';
import { createEvidenceCourier } from './evidence-courier.ts';
import { evidenceFile } from './evidence-file.ts';
import { createKeptVerification } from './kept-verification.ts';
import { createModelWatch, EVERY_TEN_MINUTES } from './model-watch.ts';
import { createMonthlyNote, EVERY_MORNING } from './monthly-note.ts';
import { createNightlyVerify, NIGHTLY } from './nightly-verify.ts';
import type { Logger } from './ports/logger.ts';
import type { TableCheck } from './ports/readiness.ts';
import { createPrerequisites } from './prerequisites.ts';
import { createPulse, EVERY_MINUTE } from './pulse.ts';
import { readiness, tableWords } from './readiness.ts';
import { createAnnouncer } from './rollout/announce.ts';
import { createEngine } from './rollout/engine.ts';
import type { Break } from './rollout/entry.ts';
import type { Freeze } from './rollout/input.ts';
import { LOG_FORM } from './rollout/log-form.ts';
import { serviceRuntime } from './service-runtime.ts';
import { settingsFor, type Times } from './test-times.ts';
import type { Check } from './verify-live/check.ts';
import { verifyLive } from './verify-live.ts';

/** When the groups are read that nobody asked for within the hour; by the first replica, the others find it done. */
const HOURLY = '23 * * * *';
/** With a field of seconds, for tests. */
const EVERY_SECOND = '* * * * * *';

/** The running program. */
export interface Titanic {
  /** The port that is listened on. Rejects when it is taken. */
  start(): Promise<number>;
  /** Takes nothing new, finishes or withdraws what is under way, closes what is open. */
  stop(): Promise<void>;
}

/** The one composition root of the bot; what stands on AWS is shared with the command line. */
export async function compose(config: Config, log: Logger, times: Times): Promise<Titanic> {
  const { services, slack, aws, environment } = config;
  const clock = createSystemClock();
  const ids = createRandomIds();
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const slackMetrics = createSlackMetrics(metrics);
  const coreMetrics = createCoreMetrics(metrics);

  const awsSide = composeAws(config, clock, log, coreMetrics.aws, times.credentialsKeptMs);
  const { clients, store, memberships, registry, decisions, endpoints, alarms, fleets, smoke, inventory, cleaner } =
    awsSide;

  const botToken = environment.slack.botToken.reveal();
  // What a store or Slack that is away says again and again, and what strangers send, must not flood the log.
  const boundedLog = createBoundedLog(log, clock);
  const connection = connectSlack({
    botToken,
    appId: environment.slack.appId,
    apiUrl: environment.slack.apiUrl,
    channel: slack.channel,
    approvers: slack.approvers,
    operators: slack.operators,
    postsPerMinute: times.postsPerMinute,
    memberships,
    measure: coreMetrics.slack,
    clock,
    log: boundedLog,
  });

  const runtimes = services.map((service) => {
    const runtime = serviceRuntime(config, service, times.protocol);
    return { ...runtime, settings: settingsFor(runtime.settings, times) };
  });
  const local = await localPrices(awsSide, config);
  const mention = approversMention(slack.approvers);
  const announcer = createAnnouncer({
    clock,
    ids,
    store,
    channel: connection.channel,
    directory: connection.directory,
    services: runtimes,
    poll: times.poll,
    log: boundedLog,
    told: (service) => void courier.look(service),
    render: createRender({
      approversMention: mention,
      services: services.map((s) => s.name),
      ...(local.prices === null ? {} : { prices: local.prices }),
    }),
  });
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
    directory: connection.directory,
    services: runtimes,
    poll: times.poll,
    log: boundedLog,
    loaded: coreMetrics.loaded,
    passed: coreMetrics.passed,
    changed: (service) => {
      announcer.nudge(service);
      homes.changed();
    },
    broke: (service, found) => void tellBroken(service, found),
  });
  coreMetrics.watch({ states: engine.states, behind: announcer.behind, nowMs: clock.nowMs });

  const ticks = createDynamoTickStore({ clients: clients.dynamo, table: aws.table });
  const kept = createKeptVerification({
    verify,
    store: createDynamoVerificationStore({ clients: clients.dynamo, table: aws.table }),
    verified: () => homes.changed(),
    clock,
    log: boundedLog,
  });
  const roles = createKnownRoles({ ordinaryGroups: connection.ordinaryGroups, clock });
  const { costs, recommend } = composeCosts({
    aws: awsSide,
    settings: config,
    runtimes,
    rollouts: engine,
    local,
    clock,
    changed: () => homes.changed(),
  });
  const homes = createHomes({
    services,
    rollouts: engine,
    costs,
    directory: connection.directory,
    roles,
    frozen,
    tab: connection.home,
    verified: kept.last,
    digest: LOG_FORM.digest,
    clock,
    log: boundedLog,
  });

  const delivery = environment.slack.delivery;
  const cards = createRecordedCards(store);
  const evidence = (service: string, id: string) => evidenceFile(store, service, id);
  const courier = createEvidenceCourier({
    services: services.map((s) => s.name),
    rollouts: engine,
    evidence,
    cards,
    files: connection.files,
    ticks,
    nowMs: clock.nowMs,
    log: boundedLog,
  });

  const edge = await createSlackEdge({
    connection,
    delivery:
      delivery.kind === 'socket'
        ? { kind: 'socket', appToken: delivery.appToken.reveal() }
        : { kind: 'http', signingSecret: delivery.signingSecret.reveal() },
    botToken,
    apiUrl: environment.slack.apiUrl,
    port: environment.port,
    lingerMs: times.lingerMs,
    listeners: (app) =>
      registerHandlers(app, {
        services,
        rollouts: coreMetrics.counted(engine),
        registry,
        verify: kept.verify,
        costs,
        recommend,
        cleaner,
        directory: connection.directory,
        frozen,
        ordinaryGroups: connection.ordinaryGroups,
        roles,
        conversation: connection.conversation,
        channel: connection.channel,
        homes,
        claimOnce: (service, what) => ticks.claimTick(service, 'once', what),
        me: connection.identities.current,
        cards,
        evidence,
        files: connection.files,
        judgeOrigin: connection.judgeOrigin,
        measure: slackMetrics,
        clock,
        ids,
        log: boundedLog,
      }),
    others: () => readiness({ checkTable: lookAtTable, engine, prerequisites }),
    metrics: slackMetrics,
    registry: metrics,
    clock,
    ids,
    log: boundedLog,
  });

  function frozen(service: string): Freeze | null {
    return runtimes.find((r) => r.settings.service === service)?.settings.frozen?.(clock.nowMs()) ?? null;
  }

  async function verify(service: string): Promise<readonly Check[]> {
    const runtime = runtimes.find((r) => r.settings.service === service);
    return runtime === undefined ? [] : verifyLive({ store, endpoints, registry }, runtime.settings);
  }

  const nightly = createNightlyVerify({
    services: services.map((s) => s.name),
    verify: kept.verify,
    ticks,
    channel: connection.channel,
    render: verification,
    log,
  });
  const monthly = createMonthlyNote({
    services: services.map((s) => s.name),
    recommend,
    ticks,
    channel: connection.channel,
    render: (advice) => recommendation(advice, true),
    log,
  });
  const naming = namingService(services);

  /** Once for each break, however many replicas find it. */
  async function tellBroken(service: string, found: Break): Promise<void> {
    if (found.kind === 'newer') {
      log.error({ service, seq: found.seq }, 'A newer titanic wrote the record: this replica stays passive, update it');
      return;
    }
    log.error({ service, ...found }, 'the record is not whole');
    try {
      if (!(await ticks.claimTick(service, 'record-broken', String(found.seq)))) return;
      const posted = await connection.channel.post(naming(service, brokenRecord(service, found, mention)), null);
      if (posted.kind === 'failed') log.error({ service, why: posted.why }, 'a broken record could not be announced');
    } catch (error) {
      log.error({ service, error: String(error) }, 'a broken record could not be announced');
    }
  }

  const { autoStageMs = AUTO_STAGE_EVERY_MS } = times;
  const autoStage = createAutoStage({
    services: runtimes,
    rollouts: engine,
    registry,
    ticks,
    log,
    everyMs: autoStageMs,
  });
  const watch = createModelWatch({
    services: services.map((s) => s.name),
    rollouts: engine,
    registry,
    ticks,
    log,
  });
  const pulse = createPulse({
    readiness: edge.readiness,
    states: engine.states,
    behind: announcer.behind,
    nowMs: clock.nowMs,
    log,
  });
  let crons: readonly { stop(): Promise<void> }[] = [];

  const prerequisites = createPrerequisites({
    look: whatIsMissing,
    againMs: times.lookAgainMs,
    clock,
    log,
  });

  function lookAtTable(): Promise<TableCheck> {
    return checkTable(clients.dynamo.repeatable, aws.table);
  }

  /** All of it is only said: a rollback must be possible while an approver is missing. */
  async function whatIsMissing(): Promise<readonly string[]> {
    const [table, slackWarnings] = await Promise.all([
      lookAtTable(),
      connection.identities.current() === null ? ['Slack has not said who we are yet.'] : connection.startupCheck(),
    ]);
    return [...(table.kind === 'problem' ? [tableWords(table)] : []), ...slackWarnings];
  }

  return {
    async start() {
      const port = await edge.start();
      engine.start();
      announcer.start();
      crons = [
        startCron(NIGHTLY, nightly),
        ...(config.recommend === 'monthly' ? [startCron(EVERY_MORNING, monthly)] : []),
        startCron(HOURLY, connection.directory.refresh),
        startCron(EVERY_TEN_MINUTES, watch),
        startCron(EVERY_MINUTE, pulse),
        startCron(EVERY_MINUTE, courier.every),
        startCron(autoStageMs < AUTO_STAGE_EVERY_MS ? EVERY_SECOND : EVERY_MINUTE, autoStage),
      ];
      void pulse();
      prerequisites.start();
      log.info({ port, delivery: delivery.kind, services: services.map((s) => s.name) }, 'titanic is running');
      return port;
    },
    async stop() {
      prerequisites.stop();
      await homes.stop();
      await Promise.all(crons.map((each) => each.stop()));
      // Together: while Slack drains, nothing new is intended any more.
      await Promise.all([edge.stop(), engine.stop()]);
      await announcer.stop();
      await courier.settled();
      clients.destroy();
    },
  };
}
