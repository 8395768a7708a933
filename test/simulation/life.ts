import type { StoredSnapshot } from '../../src/ports/log-store.ts';
import type { Environment } from '../../src/rollout/candidate.ts';
import { evolve } from '../../src/rollout/evolve.ts';
import { initialState, type ServiceState } from '../../src/rollout/state.ts';
import { type Bot, startBot } from './bot.ts';
import { createChance } from './chance.ts';
import type { Facts } from './facts.ts';
import { createFaults, type Faults } from './faults.ts';
import { goldenEnd } from './golden-script.ts';
import { createCallChecks } from './invariants-calls.ts';
import { checkChannel, checkLog, sameState, stillOpen } from './invariants-end.ts';
import { checkEntry } from './invariants-record.ts';
import { createSmokeChecks } from './invariants-smoke.ts';
import { createMachine, EPOCH_MS } from './machine.ts';
import { type Mutation, NO_MUTATION } from './mutants.ts';
import { createOutside } from './outside.ts';
import { createPeople } from './people.ts';
import { createRecordIndex, type RecordIndex } from './record-index.ts';
import { createReplica, type Replica } from './replica.ts';
import { createSageMaker } from './sagemaker.ts';
import { createSimClock } from './sim-clock.ts';
import { formFor } from './sim-form.ts';
import { createSimEndpoints } from './sim-endpoints.ts';
import { type CallOut, createLogTable, createSimLogStore } from './sim-log-store.ts';
import { createRegistry, createSimRegistry } from './sim-registry.ts';
import { createSimChannel, createSimDirectory, createSlack } from './sim-slack.ts';
import { createSimSmoke, type Measurement } from './sim-smoke.ts';
import { createTrace } from './trace.ts';
import { createViolations, type Violation } from './violations.ts';
import { createVirtualTime } from './virtual-time.ts';
import { drawSetting, endpointNameOf, groupOf, runtimeOf, SERVICES, type Setting } from './world.ts';

export interface LifeOptions {
  readonly seed: number;
  readonly mutation?: Mutation;
  /** Keep the lines of the trace. */
  readonly recording?: boolean;
  /** End with the first violation: for counting. */
  readonly stopAtFirst?: boolean;
  readonly faults?: (own: Faults) => Faults;
  readonly setting?: (own: Setting) => Setting;
  /** The golden life: one service, one script, an end as soon as it is played. */
  readonly golden?: boolean;
}

export interface Life {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly traceHash: string;
  readonly lines: readonly string[];
  readonly stats: LifeStats;
}

export interface LifeStats {
  readonly virtualMs: number;
  readonly events: number;
  readonly entries: number;
  readonly calls: number;
  readonly accepted: number;
  readonly succeeded: number;
  readonly promoted: number;
  readonly rolledBack: number;
  readonly presses: number;
  readonly injected: Readonly<Record<string, number>>;
}

const FAULTS_STOP_MS = 60 * 60_000;
/** After the faults stop everything must end: slow updates, their rollbacks and every expiry fit in here. */
const MUST_END_MS = 7 * 60 * 60_000;
/** A card is rendered once more 90 s after its last update; then the channel must be right. */
const CALM_MS = 5 * 60_000;
const GOLDEN_CALM_MS = 200_000;

/** One life of a few replicas, told by its seed alone. */
export async function live(options: LifeOptions): Promise<Life> {
  const { seed, mutation = NO_MUTATION, golden = false } = options;
  const services: readonly string[] = golden ? SERVICES.slice(0, 1) : SERVICES;
  const time = createVirtualTime();
  const form = formFor(seed);
  const trace = createTrace(options.recording ?? false);
  const ownSetting = drawSetting(createChance(seed, 'setting'));
  const setting = options.setting?.(ownSetting) ?? ownSetting;
  const ownFaults = createFaults(createChance(seed, 'faults'));
  const faults = options.faults?.(ownFaults) ?? ownFaults;
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
  const sagemaker = createSageMaker(names, time, worldChance, registry, setting.temper, trace, {
    accepted: (call) => callChecks.accepted(call),
    became: () => {},
  });
  const people = createPeople({
    time,
    chance: createChance(seed, 'people'),
    trace,
    slack,
    services,
    scripted: golden,
    manners: setting.manners,
    state: (service) => must(states.get(service)),
    versions: (service) => registry.groups.get(groupOf(service))?.length ?? 1,
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
    approvalExpiresAfterHours: setting.approvalExpiresAfterHours,
  };
  const callChecks = createCallChecks(facts, indexOf);
  const smokeChecks = createSmokeChecks(facts, indexOf);
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
      for (const event of recorded.entry.events) {
        people.reactTo(service, event);
        outside.reactTo(service, event);
      }
    },
    overwritten: (service, entry, by) => violations.add('entry-overwritten', `${service}#${entry.seq} by ${by}`),
    snapshotSaved: (service, snapshot) => void snapshots.get(service)?.push(snapshot),
  });
  const runtimes = services.map((service) => runtimeOf(service, setting, mutation));

  function start(replica: Replica, incarnation: number): Bot {
    const by = `${replica.name}.${incarnation}`;
    const ids = createChance(seed, by);
    const call: CallOut = (spec) => {
      calls++;
      return replica.call(incarnation, spec);
    };
    const clock = createSimClock(time, replica, incarnation, mutation.monotonicAlone ?? false);
    const note = (level: string) => (about: Readonly<Record<string, unknown>>, message: string) => {
      if (trace.recording) trace.note(time.nowMs, level, `${by} ${message} ${shortly(about)}`);
    };
    const bot = startBot(
      {
        clock,
        ids: { random: () => ids.hex(32), fraction: () => ids.next() },
        store: createSimLogStore(
          table,
          by,
          call,
          { snapshotSaved: (service, snapshot) => void snapshots.get(service)?.push(snapshot) },
          {
            unconditional: mutation.unconditionalAppend ?? false,
            unclearIs: mutation.unclearIs ?? 'unclear',
            retriedByItself: () => worldChance.happens(setting.retriedByItself),
          },
        ),
        endpoints: createSimEndpoints(sagemaker, time, worldChance, by, call, callChecks, {
          adoptsBlindly: mutation.adoptsBlindly ?? false,
          timeoutIsRefusal: mutation.timeoutIsRefusal ?? false,
        }),
        registry: createSimRegistry(registry, call, mutation.registryFrozen ?? false),
        smoke: createSimSmoke(
          {
            sagemaker,
            registry,
            time,
            chance: worldChance,
            measurements,
            endpointName: endpointNameOf,
            watch: smokeChecks,
            shape: setting.smoke,
          },
          by,
          call,
          (ms) => clock.sleep(ms),
          mutation.boundlessSmoke ?? false,
        ),
        directory: createSimDirectory(slack, time, call, { neverForgets: mutation.approversNeverForgotten ?? false }),
        channel: createSimChannel(slack, call),
        form,
        log: { info: note('info'), warn: note('warn'), error: note('error') },
      },
      runtimes,
      setting.poll,
    );
    bots.set(replica, { bot, incarnation });
    return bot;
  }

  for (let i = 0; i < setting.replicas; i++) {
    const chance = createChance(seed, `replica-${i}`);
    const machine = createMachine(chance);
    const replica = createReplica({ name: `r${i + 1}`, machine, time, chance, faults, trace, start });
    replicas.push(replica);
    time.after(chance.between(0, 2_000), () => replica.boot());
    const every = (perHour: number, act: () => void) => {
      if (perHour === 0) return;
      time.after((-Math.log(1 - chance.next()) * 3_600_000) / perHour, () => {
        if (!faults.on) return;
        act();
        every(perHour, act);
      });
    };
    every(setting.crashesPerHour, () => replica.crash('by chance'));
    every(setting.termsPerHour, () => replica.terminate());
    every(setting.freezesPerHour, () => replica.freeze(faults.freezeMs(), faults.freezeIsSuspension()));
  }
  people.start();
  outside.start();
  if (!golden)
    time.at(FAULTS_STOP_MS, () => {
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
    if (!golden && time.nowMs < FAULTS_STOP_MS) return false;
    if (golden && !services.every((s) => goldenEnd(must(states.get(s))))) return time.nowMs > MUST_END_MS;
    if (time.nowMs > MUST_END_MS) return true;
    const atRest =
      services.every((s) => isAtRest(must(states.get(s)), EPOCH_MS + time.nowMs)) &&
      replicas.every((r) => r.up && !r.frozen);
    if (!atRest) restSinceMs = null;
    else restSinceMs ??= time.nowMs;
    return restSinceMs !== null && time.nowMs - restSinceMs > (golden ? GOLDEN_CALM_MS : CALM_MS);
  }
  await time.run(over);

  if (!(options.stopAtFirst === true && violations.found.length > 0)) await checkEnd();

  async function checkEnd(): Promise<void> {
    for (const service of services) {
      const state = checkLog(facts, table, service, snapshots.get(service) ?? [], form);
      if (golden && !goldenEnd(state)) violations.add('script-not-played', service);
      for (const open of stillOpen(state)) violations.add('never-ends', `${service}: ${open}`);
      if (restSinceMs !== null) checkChannel(facts, table, service, state);
      for (const [replica, { bot, incarnation }] of bots) {
        if (replica.incarnation !== incarnation || replica.frozen) continue;
        void bot.engine.state(service).then((reading) => {
          if (reading.kind === 'known' && reading.value.seq === state.seq && !sameState(reading.value, state)) {
            violations.add('state-is-not-the-fold', `${service} as ${replica.name}.${incarnation} sees it`);
          }
        });
      }
    }
    const untilMs = time.nowMs + 60_000;
    await time.run(() => time.nowMs > untilMs);
    checkAnswers();
  }

  function checkAnswers(): void {
    const alive = new Set(replicas.filter((r) => r.up).map((r) => `${r.name}.${r.incarnation}`));
    for (const press of people.presses) {
      for (const delivery of press.deliveries) {
        const longAgo = time.nowMs - delivery.atMs > 600_000;
        if (delivery.answer !== null || !alive.has(delivery.to) || !longAgo) continue;
        violations.add('no-answer', `${press.person} ${press.service} ${press.request.verb} ${press.key}`);
      }
    }
  }

  const all = <T extends Parameters<RecordIndex['all']>[0]>(type: T) =>
    services.reduce((sum, s) => sum + indexOf(s).all(type).length, 0);
  return {
    seed,
    violations: violations.found,
    traceHash: trace.hash(),
    lines: trace.lines,
    stats: {
      virtualMs: time.nowMs,
      events: time.eventsRun,
      entries: services.reduce((sum, s) => sum + table.last(s), 0),
      calls,
      accepted: sagemaker.arrived.filter((a) => a.accepted).length,
      succeeded: all('DeploymentSucceeded'),
      promoted: all('PromotionApproved'),
      rolledBack: all('RollbackEnded'),
      presses: people.presses.length,
      injected: faults.injected,
    },
  };
}

function isAtRest(state: ServiceState, wallMs: number): boolean {
  const { staging, prod } = state.environments;
  const held = [...staging.holds, ...prod.holds].some((h) => h.until === null || Date.parse(h.until) > wallMs);
  return (
    !held &&
    state.rollouts.length === 0 &&
    [staging, prod].every((e) => e.intent === null && e.deployment === null && e.rollback === null && e.smoke === null)
  );
}

function shortly(about: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(about, (_, v: unknown) => (v instanceof Error ? v.message : v)).slice(0, 300);
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('This must be there.');
  return value;
}
