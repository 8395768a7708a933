/**
 * The steps in which SageMaker brings a fleet and goes back: pure, from the sizes of both fleets and the
 * DeploymentConfig. Times are nominal milliseconds, at speed 1.
 */
import type { Durations } from '../emulator-settings.ts';
import { type JsonObject, numberMember, objectMember, textMember } from '../wire/json-value.ts';
import { instancesIn } from './deployment-config.ts';

export type Phase = 'launching' | 'activating' | 'baking' | 'terminating';

/** How many instances of a fleet run; of several variants it is always all. */
export type Running = number | 'all';

export interface Step {
  readonly phase: Phase;
  readonly nominalMs: number;
  /** The share of the traffic that the new fleet answers meanwhile, 0 to 1. */
  readonly share: number;
  readonly newRunning: Running;
  readonly oldRunning: Running;
  /** Which part of the new fleet it is about, and how many instances that is; absent: all of it. */
  readonly part?: { readonly kind: 'canary' | 'linear' | 'batch'; readonly instances: number };
}

/** Of an update without waits: new fleet up, traffic over, and the rest to take the old one down. */
const LAUNCH_SHARE = 0.75;
const ACTIVATE_SHARE = 0.05;
const TERMINATE_SHARE = 0.2;

const all = { newRunning: 'all', oldRunning: 'all' } as const;

/** A fleet that is not healthy, or is given up for another reason before it gets traffic. */
export function failingSteps(totalMs: number): Step[] {
  return [
    { phase: 'launching', nominalMs: totalMs * LAUNCH_SHARE, share: 0, ...all },
    { phase: 'terminating', nominalMs: totalMs * (1 - LAUNCH_SHARE), share: 0, ...all },
  ];
}

/** All at once, by steps, or in batches, as the config says; without one all at once. `instances`: of the new fleet. */
export function updateSteps(
  { updateMs }: Durations,
  config: JsonObject | undefined,
  instances: number,
  oldInstances: number,
): Step[] {
  const rolling = config === undefined ? undefined : config.RollingUpdatePolicy;
  if (config !== undefined && rolling !== undefined)
    return rollingSteps(updateMs, objectMember(config, 'RollingUpdatePolicy'), instances, oldInstances);
  const policy = config === undefined ? {} : objectMember(config, 'BlueGreenUpdatePolicy');
  const keepMs = (numberMember(policy, 'TerminationWaitInSeconds') ?? 0) * 1000;
  return [
    { phase: 'launching', nominalMs: updateMs * LAUNCH_SHARE, share: 0, ...all },
    ...shifts(updateMs * ACTIVATE_SHARE, objectMember(policy, 'TrafficRoutingConfiguration'), instances),
    ...(keepMs > 0 ? [{ phase: 'baking' as const, nominalMs: keepMs, share: 1, ...all }] : []),
    { phase: 'terminating', nominalMs: updateMs * TERMINATE_SHARE, share: 1, ...all },
  ];
}

function shifts(activateMs: number, routing: JsonObject, instances: number): Step[] {
  const waitMs = (numberMember(routing, 'WaitIntervalInSeconds') ?? 0) * 1000;
  const type = textMember(routing, 'Type');
  const kind = type === 'CANARY' ? 'canary' : 'linear';
  const size = instancesIn(objectMember(routing, type === 'CANARY' ? 'CanarySize' : 'LinearStepSize'), instances);
  const parts: number[] = [];
  if (type === 'CANARY') parts.push(size);
  if (type === 'LINEAR') for (let n = size; n < instances; n += size) parts.push(n);
  const steps = parts.flatMap((part, index): Step[] => {
    const of = { ...all, part: { kind, instances: part } } as const;
    const before = (parts[index - 1] ?? 0) / instances;
    return [
      { phase: 'activating', nominalMs: activateMs, share: before, ...of },
      { phase: 'baking', nominalMs: waitMs, share: part / instances, ...of },
    ];
  });
  const before = (parts.at(-1) ?? 0) / instances;
  steps.push({ phase: 'activating', nominalMs: activateMs, share: before, ...all });
  // Linear waits behind its last step as behind every other.
  if (type === 'LINEAR' && waitMs > 0)
    steps.push({ phase: 'baking', nominalMs: waitMs, share: 1, ...all, part: { kind: 'linear', instances } });
  return steps;
}

/** Batch by batch: started, given traffic, watched, and only then as much of the old fleet taken down. */
function rollingSteps(updateMs: number, policy: JsonObject, instances: number, oldInstances: number): Step[] {
  const waitMs = (numberMember(policy, 'WaitIntervalInSeconds') ?? 0) * 1000;
  const batch = instancesIn(objectMember(policy, 'MaximumBatchSize'), instances);
  const steps: Step[] = [];
  for (let had = 0; had < instances; had += batch) {
    const has = Math.min(instances, had + batch);
    const old = Math.max(0, Math.ceil(oldInstances * (1 - had / instances)));
    const part = { kind: 'batch' as const, instances: has - had };
    const of = { newRunning: has, oldRunning: old, part };
    const [before, after] = [had / instances, has / instances];
    steps.push(
      { phase: 'launching', nominalMs: updateMs * LAUNCH_SHARE, share: before, ...of },
      { phase: 'activating', nominalMs: updateMs * ACTIVATE_SHARE, share: before, ...of },
      { phase: 'baking', nominalMs: waitMs, share: after, ...of },
      { phase: 'terminating', nominalMs: updateMs * TERMINATE_SHARE, share: after, ...of },
    );
  }
  return steps;
}

/** Back from a step: what of the old fleet is gone is started again first, in batches; then its traffic returns. */
export function stepsBack(
  { updateMs, goBackMs }: Durations,
  from: Step,
  config: JsonObject | undefined,
  oldInstances: number,
): Step[] {
  const { share, newRunning } = from;
  const policy = config === undefined ? {} : objectMember(config, 'RollingUpdatePolicy');
  const size = policy.RollbackMaximumBatchSize;
  const batch =
    size === undefined ? oldInstances : instancesIn(objectMember(policy, 'RollbackMaximumBatchSize'), oldInstances);
  const steps: Step[] = [];
  for (let running = from.oldRunning; running !== 'all' && running < oldInstances; ) {
    running = Math.min(oldInstances, running + batch);
    const part = { kind: 'batch' as const, instances: batch };
    steps.push({
      phase: 'launching',
      nominalMs: updateMs * LAUNCH_SHARE,
      share,
      newRunning,
      oldRunning: running,
      part,
    });
  }
  if (share > 0) steps.push({ phase: 'activating', nominalMs: goBackMs, share, newRunning, oldRunning: 'all' });
  steps.push({ phase: 'terminating', nominalMs: updateMs * TERMINATE_SHARE, share: 0, newRunning, oldRunning: 'all' });
  return steps;
}

export function totalMs(steps: readonly Step[]): number {
  return steps.reduce((sum, { nominalMs }) => sum + nominalMs, 0);
}
