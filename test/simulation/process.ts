import { createCleaner } from '../../src/cleanup/cleaner.ts';
import type { OwnedService } from '../../src/cleanup/owner.ts';
import type { Cleaner } from '../../src/ports/cleaner.ts';
import type { StoredSnapshot } from '../../src/ports/log-store.ts';
import type { Logger } from '../../src/ports/logger.ts';
import type { ServiceRuntime } from '../../src/rollout/engine-deps.ts';
import type { Settings } from '../../src/rollout/input.ts';
import { initialState } from '../../src/rollout/state.ts';
import { type Bot, startBot } from './bot.ts';
import { type Chance, createChance } from './chance.ts';
import type { CallChecks } from './invariants-calls.ts';
import type { Mutant } from './mutants.ts';
import type { Replica } from './replica.ts';
import type { SageMaker } from './sagemaker.ts';
import { createSimAlarms, type TripWatch } from './sim-alarms.ts';
import { createSimClock } from './sim-clock.ts';
import { createSimDecisions, type DecisionWatch } from './sim-decisions.ts';
import { createSimEndpoints } from './sim-endpoints.ts';
import { createSimFleets } from './sim-fleets.ts';
import type { SimForm } from './sim-form.ts';
import { createSimInventory, type RemovalWatch } from './sim-inventory.ts';
import { type CallOut, createSimLogStore, earlyStore, type LogTable, watchedStore } from './sim-log-store.ts';
import { createSimRegistry, type Registry } from './sim-registry.ts';
import { createSimChannel, createSimDirectory, type Slack } from './sim-slack.ts';
import { createSimSmoke, type Measurement, type SmokeWatch } from './sim-smoke.ts';
import { createSimTicks } from './sim-ticks.ts';
import type { Use } from './sim-use.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';
import { endpointNameOf, type Setting, TAGS } from './world.ts';

/** What every process of a life runs in. */
export interface Surroundings {
  readonly seed: number;
  readonly time: VirtualTime;
  readonly trace: Trace;
  readonly chance: Chance;
  readonly mutant: Mutant;
  readonly setting: Setting;
  readonly runtimes: readonly ServiceRuntime[];
  readonly table: LogTable;
  readonly sagemaker: SageMaker;
  readonly registry: Registry;
  readonly slack: Slack;
  readonly measurements: Map<string, Measurement>;
  readonly callChecks: CallChecks;
  readonly smokeChecks: SmokeWatch;
  readonly modelChecks: DecisionWatch;
  readonly cleanupChecks: RemovalWatch;
  readonly guardChecks: TripWatch;
  /** Ticks that a replica has claimed. */
  readonly ticks: Set<string>;
  readonly use: Use;
  snapshotSaved(service: string, snapshot: StoredSnapshot): void;
  called(): void;
}

/** Starts the program in a process, with ports of its own onto the one world. */
export function startProcess(world: Surroundings, replica: Replica, incarnation: number, form: SimForm): Bot {
  const { time, trace, chance, mutant, setting, sagemaker, registry, slack } = world;
  const by = `${replica.name}.${incarnation}`;
  const ids = createChance(world.seed, by);
  const call: CallOut = (spec) => {
    world.called();
    return replica.call(incarnation, spec);
  };
  const clock = createSimClock(time, replica, incarnation, mutant.monotonicAlone ?? false);
  const store = createSimLogStore(world.table, by, call, world, {
    unconditional: mutant.unconditionalAppend ?? false,
    unclearIs: mutant.unclearIs ?? 'unclear',
    retriedByItself: () => chance.happens(setting.retriedByItself),
  });
  const engineStore = watchedStore(store, (service, seq) => world.callChecks.hasRead(by, service, seq));
  // What the announcer has read, the engine does not know.
  const announcerStore = watchedStore(store, () => {});
  const stores =
    mutant.announcesEarly === true
      ? earlyStore(engineStore, announcerStore)
      : { store: engineStore, shown: announcerStore };
  const endpoints = createSimEndpoints(sagemaker, time, chance, by, call, world.callChecks, {
    adoptsBlindly: mutant.adoptsBlindly ?? false,
    timeoutIsRefusal: mutant.timeoutIsRefusal ?? false,
    staleDescribes: setting.staleDescribes,
    halfPrepared: setting.halfPrepared,
  });
  const inventory = createSimInventory(sagemaker, time, chance, by, call, world.cleanupChecks, {
    staleDescribes: setting.staleDescribes,
    leavesLate: mutant.deletionsLeaveLate ?? false,
  });
  const convention = {
    services: world.runtimes.map(({ settings }) => ownedOf(settings)),
    prefix: 'titanic-',
    tags: TAGS,
  };
  // What it reads of other services, the engine does not know.
  const cleaner = createCleaner({ convention, inventory, store, clock, form });
  const smokeWorld = {
    sagemaker,
    registry,
    time,
    chance,
    measurements: world.measurements,
    endpointName: endpointNameOf,
    watch: world.smokeChecks,
    shape: setting.smoke,
  };
  return startBot(
    {
      clock,
      ids: { random: () => ids.hex(32), fraction: () => ids.next() },
      ...stores,
      endpoints,
      fleets: createSimFleets(sagemaker.fleetIsWorse, world.use, time, call),
      alarms: createSimAlarms(sagemaker.alarms, call, world.guardChecks),
      registry: createSimRegistry(registry, time, chance, call, setting.staleDescribes),
      decisions: createSimDecisions(registry, time, chance, by, call, world.modelChecks, {
        refuses: () => chance.happens(setting.refusesDecisions),
        leavesLate: mutant.verdictsLeaveLate ?? false,
      }),
      ticks: createSimTicks(world.ticks, call),
      inventory,
      cleaner: mutant.plansBlindly === true ? blind(cleaner) : cleaner,
      smoke: createSimSmoke(smokeWorld, by, call, (ms) => clock.sleep(ms), mutant.boundlessSmoke ?? false),
      directory: createSimDirectory(slack, call),
      channel: createSimChannel(slack, call),
      form,
      log: loggerOf(time, trace, by),
    },
    world.runtimes,
    setting.poll,
  );
}

function ownedOf({ service, endpointNames, tags }: Settings): OwnedService {
  return { name: service, endpointNames, tags };
}

/** A mutant: a plan does not ask what the record still needs. */
function blind(cleaner: Cleaner): Cleaner {
  return { ...cleaner, plan: (state, target) => cleaner.plan(initialState(state.service), target) };
}

function loggerOf(time: VirtualTime, trace: Trace, by: string): Logger {
  const note = (level: string) => (about: Readonly<Record<string, unknown>>, message: string) => {
    if (trace.recording) trace.note(time.nowMs, level, `${by} ${message} ${shortly(about)}`);
  };
  return { info: note('info'), warn: note('warn'), error: note('error') };
}

function shortly(about: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(about, (_, v: unknown) => (v instanceof Error ? v.message : v)).slice(0, 300);
}
