/**
 * The emulated account: takes calls one at a time, moves endpoints by the clock, keeps the journal and the state.
 * Everything here is synchronous, so a call is applied whole before the next one is looked at.
 */
import { createAlarmMover } from './cloudwatch/alarm-mover.ts';
import { withInstanceMetrics } from './cloudwatch/endpoint-metrics.ts';
import { createMetricStore, type MetricStore } from './cloudwatch/metric-store.ts';
import { createEmulatedClock, type EmulatedClock } from './emulated-clock.ts';
import type { EmulatorSettings } from './emulator-settings.ts';
import { beginChange, otherChange, refuseInProgress } from './endpoint/begin-change.ts';
import { createEndpointMover } from './endpoint/endpoint-mover.ts';
import type { ChangedBy } from './endpoint/endpoint-record.ts';
import { createFaults, type Fault, type FaultKind, type FaultRequest, type FaultTarget } from './faults.ts';
import { createJournal, type Journal } from './journal.ts';
import type { Operation, OperationContext } from './operation.ts';
import { findEndpoint } from './operations/endpoints.ts';
import { changingOperations, readingOperations } from './operations/operation-table.ts';
import { AwsError, internalFailure, throttlingException, unknownOperation } from './wire/aws-error.ts';
import { type JsonObject, textMember } from './wire/json-value.ts';
import { emptyWorld, type World } from './world.ts';
import type { WorldStore } from './world-store.ts';

export interface ApiCall {
  readonly operation: string;
  readonly input: JsonObject;
  readonly requestId: string;
  readonly by: ChangedBy;
  readonly accessKeyId?: string | undefined;
  readonly userAgent?: string | undefined;
}

export interface EmulatorDeps {
  readonly settings: EmulatorSettings;
  readonly store: WorldStore;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How many times faster than at AWS endpoints move, unless the stored state says otherwise. */
  readonly speed: number;
}

export interface Emulator {
  readonly world: World;
  readonly settings: EmulatorSettings;
  readonly journal: Journal;
  readonly clock: EmulatedClock;
  readonly metrics: MetricStore;
  now(): number;
  speed(): number;
  /** Lets everything that is due happen. Whoever reads `world` or `journal` directly calls it first. */
  settle(): void;
  /** Carries out one operation; throws an AwsError for a refusal. */
  call(call: ApiCall): JsonObject;
  takeFault(kind: FaultKind, target: FaultTarget): Fault | undefined;
  listFaults(): Fault[];
  setFault(request: FaultRequest): Fault;
  clearFaults(filter?: { id?: string | undefined; kind?: FaultKind | undefined }): number;
  setSpeed(speed: number): void;
  /** An endpoint stops answering, or answers again, and stays InService or OutOfService until it is changed. */
  outOfService(endpoint: string, out: boolean): void;
  /** AWS patches an endpoint: it is SystemUpdating for a while and comes back as it was. */
  systemUpdate(endpoint: string): void;
}

/** Opens the account that the store holds, or an empty one. */
export function createEmulator({ settings, store, now, speed: initialSpeed }: EmulatorDeps): Emulator {
  const saved = store.load();
  const world = saved.state?.world ?? emptyWorld();
  const faults = createFaults();
  faults.restore(saved.state?.faults ?? []);
  let speed = saved.state?.speed ?? initialSpeed;
  const journal = createJournal(saved.journal, store.appendJournal);
  const clock = createEmulatedClock(saved.state?.clock ?? [], now(), speed);
  const metrics = createMetricStore(saved.state?.metrics() ?? []);
  const source = withInstanceMetrics(metrics, clock, world.uses, now);
  const mover = createEndpointMover({ world, settings, journal, speed: () => speed, takeFault });
  const alarms = createAlarmMover({ world, clock, source, journal });

  // The journal is written before the state: after a crash in between it may tell more than happened, never less.
  const save = () =>
    store.save({ world, faults: faults.list(), speed, clock: clock.segments(), metrics: () => metrics.saved() });

  /** A fault with a count is written down as it is used up, so that a restart does not bring it back. */
  function takeFault(kind: FaultKind, target: FaultTarget): Fault | undefined {
    const fault = faults.take(kind, target);
    if (fault?.count !== undefined) save();
    return fault;
  }

  /** What is due happens in the order of its instants. Of two at the same one the alarm comes first. */
  function settle(): void {
    const nowMs = now();
    let changed = false;
    for (;;) {
      const [alarmMs, endpointMs] = [alarms.nextDueMs(), mover.nextDueMs()];
      if (Math.min(alarmMs, endpointMs) > nowMs) break;
      const moved = alarmMs <= endpointMs ? alarms.evaluateNext() : mover.goOn();
      if (moved) mover.heedAlarms(Math.min(alarmMs, endpointMs));
      changed ||= moved;
    }
    if (changed) save();
  }

  function contextOf(call: ApiCall): OperationContext {
    const target: FaultTarget = { operation: call.operation, endpoint: textMember(call.input, 'EndpointName') };
    return {
      world,
      account: settings.account,
      settings,
      nowMs: now(),
      speed,
      clock,
      metrics,
      source,
      by: call.by,
      // A person in the console is not what the faults are about.
      takeFault: (kind) => (call.by === 'console' ? undefined : takeFault(kind, target)),
      endpointAsOf: mover.asOf,
    };
  }

  function change(run: Operation, call: ApiCall, context: OperationContext): JsonObject {
    const endpoint = textMember(call.input, 'EndpointName');
    const earlier = endpoint === undefined ? undefined : world.endpoints.get(endpoint.toLowerCase());
    const entry = {
      kind: 'call' as const,
      atMs: context.nowMs,
      by: call.by,
      operation: call.operation,
      requestId: call.requestId,
      endpoint,
      parameters: call.input,
      before: endpoint === undefined ? undefined : mover.glance(endpoint, context.nowMs),
      accessKeyId: call.accessKeyId,
      userAgent: call.userAgent,
    };
    let failsAfter: boolean;
    let reply: JsonObject;
    try {
      failsAfter = failBefore(context);
      reply = run(context, call.input);
    } catch (error) {
      if (error instanceof AwsError)
        journal.append({ ...entry, outcome: 'refused', error: { code: error.code, message: error.message } });
      throw error;
    }
    journal.append({ ...entry, outcome: 'accepted' });
    mover.noteBegun(endpoint, earlier, context.nowMs);
    mover.heedAlarms(context.nowMs);
    save();
    if (failsAfter) throw internalFailure();
    return reply;
  }

  return {
    world,
    settings,
    journal,
    clock,
    metrics,
    now,
    speed: () => speed,
    settle,
    call(call) {
      settle();
      const context = contextOf(call);
      const changing = changingOperations.get(call.operation);
      if (changing !== undefined) return change(changing, call, context);
      const reading = readingOperations.get(call.operation);
      if (reading === undefined) throw unknownOperation();
      if (failBefore(context)) throw internalFailure();
      return reading(context, call.input);
    },
    takeFault,
    listFaults: faults.list,
    setFault(request) {
      const fault = faults.set(request);
      save();
      return fault;
    },
    clearFaults(filter) {
      const cleared = faults.clear(filter);
      save();
      return cleared;
    },
    setSpeed(next) {
      settle();
      mover.changeSpeed(now(), next);
      clock.changeSpeed(now(), next);
      speed = next;
      save();
    },
    outOfService(endpoint, out) {
      settle();
      const context = contextOf({ operation: 'OutOfService', input: {}, requestId: '', by: 'console' });
      const record = findEndpoint(context, endpoint);
      refuseInProgress(record);
      mover.become({ ...record, atRest: out ? 'OutOfService' : 'InService' }, context.nowMs);
      save();
    },
    systemUpdate(endpoint) {
      settle();
      const context = contextOf({ operation: 'SystemUpdate', input: {}, requestId: '', by: 'console' });
      const record = findEndpoint(context, endpoint);
      refuseInProgress(record);
      beginChange(context, record, otherChange(context, 'system', record.live, settings.durations.systemUpdateMs));
      mover.noteBegun(endpoint, record, context.nowMs);
      save();
    },
  };
}

/** Throws for the faults that strike before anything happens; answers whether the call is to fail after its effect. */
function failBefore(context: OperationContext): boolean {
  if (context.takeFault('throttle') !== undefined) throw throttlingException();
  const failure = context.takeFault('internalError');
  if (failure !== undefined && failure.afterEffect !== true) throw internalFailure();
  return failure !== undefined;
}
