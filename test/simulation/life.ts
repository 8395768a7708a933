import type { StoredSnapshot } from '../../src/ports/log-store.ts';
import type { Environment } from '../../src/rollout/candidate.ts';
import { evolve } from '../../src/rollout/evolve.ts';
import { initialState, type ServiceState } from '../../src/rollout/state.ts';
import type { Bot } from './bot.ts';
import { createChance } from './chance.ts';
import { DIRECTED, type DirectedName, direct } from './directed.ts';
import type { Facts } from './facts.ts';
import { createFaults, type Faults } from './faults.ts';
import { type GoldenName, goldenEnd } from './golden-script.ts';
import { createCallChecks } from './invariants-calls.ts';
import { createCleanupChecks } from './invariants-cleanup.ts';
import { createGuardChecks } from './invariants-guard.ts';
import { createIdleChecks } from './invariants-idle.ts';
import { createModelChecks } from './invariants-models.ts';
import { checkPolicy } from './invariants-policy.ts';
import { checkEntry } from './invariants-record.ts';
import { createSlackChecks } from './invariants-slack.ts';
import { createSmokeChecks } from './invariants-smoke.ts';
import { checkRemains } from './life-end.ts';
import { beginReplica } from './life-replica.ts';
import { type LifeStats, statsOf } from './life-stats.ts';
import { EPOCH_MS } from './machine.ts';
import { type Mutant, NO_MUTANT } from './mutants.ts';
import { createOutside } from './outside.ts';
import { createPeople } from './people.ts';
import { type Surroundings, startProcess } from './process.ts';
import { createRecordIndex, type RecordIndex } from './record-index.ts';
import { createRelease } from './release.ts';
import type { Replica } from './replica.ts';
import { createSageMaker } from './sagemaker.ts';
import { formFor } from './sim-form.ts';
import { createLogTable } from './sim-log-store.ts';
import { createRegistry } from './sim-registry.ts';
import { createSlack } from './sim-slack.ts';
import type { Measurement } from './sim-smoke.ts';
import { createUse } from './sim-use.ts';
import { flicker } from './strategies.ts';
import { createTrace } from './trace.ts';
import { createViolations, type Violation } from './violations.ts';
import { createVirtualTime } from './virtual-time.ts';
import { drawSetting, endpointNameOf, groupOf, runtimeOf, SERVICES, type Setting } from './world.ts';

export interface LifeOptions {
  readonly seed: number;
  readonly mutant?: Mutant;
  /** Not a life of chance but one in which one rare course of events is likely. */
  readonly directed?: DirectedName | undefined;
  /** Keep the lines of the trace. */
  readonly recording?: boolean;
  /** End with the first violation: for counting. */
  readonly stopAtFirst?: boolean;
  readonly faults?: (own: Faults) => Faults;
  readonly setting?: (own: Setting) => Setting;
  /** A golden life: one service, one script, an end as soon as it is played. */
  readonly golden?: GoldenName;
}

export interface Life {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly traceHash: string;
  readonly lines: readonly string[];
  readonly stats: LifeStats;
}

const FAULTS_STOP_MS = 60 * 60_000;
/** What a directed life is about happens early. */
const DIRECTED_STOP_MS = 40 * 60_000;
/** After the faults stop everything must end: slow updates, their rollbacks and every expiry fit in here. */
const MUST_END_MS = 7 * 60 * 60_000;
/** A card is rendered once more 90 s after its last update; then the channel must be right. */
const CALM_MS = 5 * 60_000;
const GOLDEN_CALM_MS = 200_000;

/** One life of a few replicas, told by its seed alone. */
export async function live(options: LifeOptions): Promise<Life> {
  const { seed, mutant = NO_MUTANT, golden = null } = options;
  const directed =
    options.directed === undefined ? null : direct(DIRECTED[options.directed], createChance(seed, 'directed'));
  const services: readonly string[] = golden === null ? SERVICES : SERVICES.slice(0, 1);
  const time = createVirtualTime();
  const faultsStopMs = directed === null ? FAULTS_STOP_MS : DIRECTED_STOP_MS;
  const form = formFor(seed);
  const trace = createTrace(options.recording ?? false);
  const drawn = drawSetting(createChance(seed, 'setting'), createChance(seed, 'strategy'));
  // A golden life is followed call by call.
  const ownSetting = golden === null ? drawn : { ...drawn, strategy: null };
  const setting = (options.setting ?? directed?.setting)?.(ownSetting) ?? ownSetting;
  const ownFaults = createFaults(createChance(seed, 'faults'));
  const faults = options.faults?.(ownFaults) ?? directed?.faults ?? ownFaults;
  const violations = createViolations(time, trace);
  const indexes = new Map<string, RecordIndex>(services.map((s) => [s, createRecordIndex(s)]));
  const states = new Map<string, ServiceState>(services.map((s) => [s, initialState(s)]));
  const snapshots = new Map<string, StoredSnapshot[]>(services.map((s) => [s, []]));
  const measurements = new Map<string, Measurement>();
  const bots = new Map<Replica, { bot: Bot; incarnation: number }>();
  const replicas: Replica[] = [];
  const worldChance = createChance(seed, 'world');
  let calls = 0;

  const indexOf = (service: string) => must(indexes.get(service));
  const registry = createRegistry();
  const slack = createSlack(time);
  const names = new Map<string, { service: string; environment: Environment }>();
  for (const service of services) {
    for (const environment of ['staging', 'prod'] as const) {
      names.set(endpointNameOf(service, environment), { service, environment });
    }
  }
  const sagemaker = createSageMaker(
    names,
    time,
    worldChance,
    registry,
    setting.temper,
    trace,
    {
      accepted(call) {
        callChecks.accepted(call);
        guardChecks.accepted(call);
        idleChecks.accepted(call);
      },
      became: () => {},
    },
    createChance(seed, 'guard'),
  );
  const people = createPeople({
    time,
    chance: createChance(seed, 'people'),
    trace,
    slack,
    services,
    script: golden,
    manners: setting.manners,
    state: (service) => must(states.get(service)),
    versions: (service) => registry.groups.get(groupOf(service))?.length ?? 1,
    pending: (service) =>
      (registry.groups.get(groupOf(service)) ?? []).flatMap((p) =>
        p.approval === 'PendingManualApproval' && p.version !== null ? [p.version] : [],
      ),
    deliver(word, slot) {
      const awake = replicas.filter((r) => r.up);
      if (awake.length === 0) return;
      const replica = worldChance.pick(awake);
      const there = bots.get(replica);
      if (there === undefined) return;
      slot.accepted(`${replica.name}.${there.incarnation}`);
      replica.arrive(there.incarnation, () => {
        void there.bot.handle(word).then(
          (answer) => slot.answered(answer),
          (error: unknown) => violations.add('submit-threw', `${word.key}: ${String(error)}`),
        );
      });
    },
  });
  const facts: Facts = {
    nowMs: () => time.nowMs,
    wallMs: () => EPOCH_MS + time.nowMs,
    violations,
    sagemaker,
    registry,
    slack,
    measurements,
    people,
    quorum: setting.quorum,
    breakGlass: setting.breakGlass ?? false,
    reminders: setting.reminders,
    approvalExpiresAfterHours: setting.approvalExpiresAfterHours,
  };
  const callChecks = createCallChecks(facts, indexOf);
  const guardChecks = createGuardChecks(facts, sagemaker.alarms, indexOf, services);
  const staging = services.map((service) => endpointNameOf(service, 'staging'));
  const use = createUse(time, createChance(seed, 'use'), setting.usesEveryMs, staging);
  const idleChecks = createIdleChecks(facts, use, setting.idleStop, indexOf);
  const smokeChecks = createSmokeChecks(facts, indexOf);
  const cleanupChecks = createCleanupChecks(facts, [...indexes.values()], callChecks.readUpTo);
  const modelChecks = createModelChecks(facts, indexOf);
  const outside = createOutside({
    time,
    chance: createChance(seed, 'outside'),
    trace,
    sagemaker,
    registry,
    slack,
    groupOf,
    services,
    endpointName: endpointNameOf,
    temper: setting.outside,
  });
  const slackChecks = createSlackChecks(violations);
  slack.shows = slackChecks.shows;
  directed?.begin({
    after: (ms, act) => time.after(ms, () => faults.on && act()),
    nowMs: () => time.nowMs,
    press: people.press,
    changePackageOf(service, rolloutId) {
      const rollout = must(states.get(service)).rollouts.find((r) => r.id === rolloutId);
      if (rollout !== undefined) outside.changeOne(rollout.candidate.packageArn);
    },
    takeName: outside.takeName,
    setAlarm: (name, state) => sagemaker.alarms.set(name, state),
    removeAlarm: (name) => sagemaker.alarms.remove(name),
    guest: outside.guest,
    deletePart: (name) => void sagemaker.deletePart('endpoint configuration', name),
    wallMs: () => EPOCH_MS + time.nowMs,
    versionOf: (service, rolloutId) =>
      must(states.get(service)).rollouts.find((r) => r.id === rolloutId)?.candidate.version ?? null,
    approversAre: (ids) => slack.setMembers('approvers', ids),
  });
  const table = createLogTable({
    stored(service, entry, by) {
      const recorded = indexOf(service).add(entry, time.nowMs, by);
      states.set(service, evolve(must(states.get(service)), recorded.entry));
      if (trace.recording) {
        const { events, at, reason } = recorded.entry;
        const told = events.map((e) => JSON.stringify(e).slice(0, 400)).join(' ; ');
        trace.note(time.nowMs, 'stored', `${service}#${entry.seq} by ${by} at ${at} ${reason?.code ?? ''} ${told}`);
      } else {
        trace.note(time.nowMs, 'stored', entry.hash);
      }
      checkEntry(facts, indexOf(service), recorded, endpointNameOf);
      checkPolicy(facts, indexOf(service), recorded);
      slackChecks.recorded(must(states.get(service)), recorded.entry);
      for (const event of recorded.entry.events) {
        people.reactTo(service, event);
        outside.reactTo(service, event);
        directed?.reactTo(service, event);
      }
    },
    overwritten: (service, entry, by) => violations.add('entry-overwritten', `${service}#${entry.seq} by ${by}`),
    snapshotSaved: (service, snapshot) => void snapshots.get(service)?.push(snapshot),
  });
  const surroundings: Surroundings = {
    seed,
    time,
    trace,
    chance: worldChance,
    mutant,
    setting,
    runtimes: services.map((service) => runtimeOf(service, setting, mutant)),
    table,
    sagemaker,
    registry,
    slack,
    measurements,
    callChecks,
    smokeChecks,
    modelChecks,
    cleanupChecks,
    guardChecks,
    ticks: new Set(),
    use,
    snapshotSaved: (service, snapshot) => void snapshots.get(service)?.push(snapshot),
    called: () => void calls++,
  };

  const release = createRelease(setting.release, form, createChance(seed, 'release'));
  function start(replica: Replica, incarnation: number): Bot {
    const version = release.formAt(replicas.indexOf(replica), time.nowMs);
    const bot = startProcess(surroundings, replica, incarnation, version);
    bots.set(replica, { bot, incarnation });
    return bot;
  }

  for (let i = 0; i < setting.replicas; i++) {
    replicas.push(beginReplica({ seed, index: i, time, faults, trace, setting, release, start }));
  }
  const guardChance = createChance(seed, 'alarms');
  if (setting.strategy !== null) flicker(sagemaker.alarms, setting.strategy, time, guardChance, () => faults.on);
  people.start();
  outside.start();
  // The first two are approved.
  if (golden !== null) registry.add(groupOf(SERVICES[0]), 'PendingManualApproval', { answers: 'right', health: 'ok' });
  if (golden === null)
    time.at(faultsStopMs, () => {
      faults.stop();
      sagemaker.calm();
      outside.rest();
      slack.away = false;
      slack.groupsUnreadable = false;
      people.tidyUp();
    });

  let restSinceMs: number | null = null;
  function over(): boolean {
    if (options.stopAtFirst === true && violations.found.length > 0) return true;
    if (golden === null && time.nowMs < faultsStopMs) return false;
    if (golden !== null && !services.every((s) => goldenEnd(golden, must(states.get(s)))))
      return time.nowMs > MUST_END_MS;
    if (time.nowMs > MUST_END_MS) return true;
    const atRest =
      services.every((s) => isAtRest(must(states.get(s)), EPOCH_MS + time.nowMs)) &&
      replicas.every((r) => r.up && !r.frozen);
    if (!atRest) restSinceMs = null;
    else restSinceMs ??= time.nowMs;
    return restSinceMs !== null && time.nowMs - restSinceMs > (golden === null ? CALM_MS : GOLDEN_CALM_MS);
  }
  await time.run(over);

  if (!(options.stopAtFirst === true && violations.found.length > 0)) {
    guardChecks.remains();
    await checkRemains({
      facts,
      time,
      table,
      form,
      people,
      services,
      replicas,
      bots,
      golden,
      rested: restSinceMs !== null,
      indexOf,
      snapshots: (service) => snapshots.get(service) ?? [],
    });
  }

  return {
    seed,
    violations: violations.found,
    traceHash: trace.hash(),
    lines: trace.lines,
    stats: statsOf({ time, indexes: [...indexes.values()], table, sagemaker, people, faults, calls }),
  };
}

function isAtRest(state: ServiceState, wallMs: number): boolean {
  const { staging, prod } = state.environments;
  const held = [...staging.holds, ...prod.holds].some((h) => h.until === null || Date.parse(h.until) > wallMs);
  return (
    !held &&
    state.rollouts.length === 0 &&
    state.approvals.length === 0 &&
    state.cleanup === null &&
    [staging, prod].every((e) => e.intent === null && e.deployment === null && e.rollback === null && e.smoke === null)
  );
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('This must be there.');
  return value;
}
