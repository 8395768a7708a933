import type { OperationContext } from '../operation.ts';
import { validationException } from '../wire/aws-error.ts';
import type { JsonObject } from '../wire/json-value.ts';
import { laterThan } from './complete-change.ts';
import { instanceCount, isUnguarded, maximumMs, rollbackAlarms } from './deployment-config.ts';
import { failingSteps, type Step, stepsBack, totalMs, updateSteps } from './deployment-plan.ts';
import { stepAt } from './endpoint-phase.ts';
import type { Change, ChangedBy, ChangeOutcome, EndpointRecord, Fleet } from './endpoint-record.ts';
import { startPace } from './pace.ts';

const ROLLED_BACK = 'The new fleet was not brought into service and the endpoint was rolled back.';

/** Writes an endpoint whose change begins now. */
export function beginChange(context: OperationContext, record: EndpointRecord, change: Change): void {
  const lastModifiedMs = laterThan(record, context.nowMs);
  const begun = { ...record, change, lastModifiedMs, updated: record.updated === true || change.kind === 'update' };
  context.world.endpoints.set(record.name.toLowerCase(), begun);
}

/** Refuses with the one text that AWS has for all of them: nothing can be changed while something is under way. */
export function refuseInProgress(record: EndpointRecord): void {
  if (record.change !== undefined) throw validationException(`Cannot update in-progress endpoint "${record.arn}".`);
}

/** A first fleet on its way in. How it ends is settled here. */
export function creation(context: OperationContext, target: Fleet, deploymentConfig: JsonObject | undefined): Change {
  const { durations } = context.settings;
  const outcome = deploymentOutcome(context, 'create', target);
  const steps: Step[] =
    outcome.ends === 'badly'
      ? failingSteps(durations.failedHealthCheckMs)
      : [{ phase: 'launching', nominalMs: durations.createMs, share: 0, newRunning: 'all', oldRunning: 'all' }];
  return { ...startChange(context, 'create', target, steps, outcome), deploymentConfig };
}

/** A new fleet for an endpoint that has one, guarded where SageMaker guards. */
export function update(
  context: OperationContext,
  { live }: EndpointRecord,
  target: Fleet,
  deploymentConfig: JsonObject | undefined,
): Change {
  const { durations } = context.settings;
  const outcome = deploymentOutcome(context, 'update', target);
  const effective = isUnguarded(live, target) ? undefined : deploymentConfig;
  const unhealthy = outcome.ends === 'badly' && outcome.reason.includes('ping health check');
  const steps =
    outcome.ends === 'badly'
      ? failingSteps(unhealthy ? durations.failedHealthCheckMs : durations.updateMs)
      : updateSteps(durations, effective, instanceCount(target), instanceCount(live));
  const share = maximumMs(effective) / totalMs(steps);
  return {
    ...startChange(context, 'update', target, steps, outcome),
    deploymentConfig,
    alarms: rollbackAlarms(effective),
    givenUpAt: share < 1 ? share : undefined,
  };
}

interface Start {
  readonly nowMs: number;
  readonly speed: number;
  readonly by: ChangedBy;
}

function startChange(
  { nowMs, speed, by }: Start,
  kind: Change['kind'],
  target: Fleet,
  steps: readonly Step[],
  outcome: ChangeOutcome,
): Change {
  return {
    kind,
    by,
    acceptedAtMs: nowMs,
    begunMs: nowMs,
    pace: startPace(nowMs, totalMs(steps), speed),
    steps,
    stepsOver: 0,
    alarms: [],
    target,
    deploymentConfig: undefined,
    outcome,
  };
}

/** The update on its way back, from where it is. `fails`: it does not get there, and both fleets stay as they are. */
export function turnedBack(
  settings: OperationContext['settings'],
  { live }: EndpointRecord,
  change: Change,
  { nowMs, speed, reason, fails }: { nowMs: number; speed: number; reason: string; fails: boolean },
): Change {
  const from = stepAt(change, nowMs)?.step;
  if (from === undefined) return change;
  const steps = stepsBack(settings.durations, from, change.deploymentConfig, instanceCount(live));
  return {
    ...change,
    begunMs: nowMs,
    pace: startPace(nowMs, totalMs(steps), speed),
    steps,
    stepsOver: 0,
    alarms: [],
    givenUpAt: undefined,
    outcome: { ends: 'badly', reason },
    turnedBack: { endsMixed: fails },
  };
}

/** Any other change: of weights and counts, a delete, or one by AWS itself. */
export function otherChange(
  context: OperationContext,
  kind: 'weights' | 'delete' | 'system',
  target: Fleet,
  nominalMs: number,
): Change {
  const rollback = kind === 'weights' ? context.takeFault('silentRollback') : undefined;
  return {
    ...startChange(
      context,
      kind,
      target,
      [],
      rollback === undefined ? { ends: 'well' } : { ends: 'badly', reason: rollback.reason ?? ROLLED_BACK },
    ),
    pace: startPace(context.nowMs, nominalMs, context.speed),
  };
}

function deploymentOutcome(context: OperationContext, kind: 'create' | 'update', target: Fleet): ChangeOutcome {
  const crashing = target.variants.find((variant) =>
    variant.containers.some(
      ({ modelDataUrl: url }) => url !== undefined && context.settings.catalogue.behaviourOf(url) === 'crash',
    ),
  );
  if (crashing !== undefined) return { ends: 'badly', reason: unhealthyReason(crashing.name) };
  const unhealthy = context.takeFault('failHealthCheck');
  if (unhealthy !== undefined) return { ends: 'badly', reason: unhealthyReason(target.variants[0]?.name ?? '') };
  const rollback = kind === 'update' ? context.takeFault('silentRollback') : undefined;
  if (rollback !== undefined) return { ends: 'badly', reason: rollback.reason ?? ROLLED_BACK };
  return { ends: 'well' };
}

function unhealthyReason(variantName: string): string {
  return (
    `The primary container for production variant ${variantName} did not pass the ping health check. ` +
    'Please check CloudWatch logs for this endpoint.'
  );
}
