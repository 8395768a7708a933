import type { OperationContext } from '../operation.ts';
import { validationException } from '../wire/aws-error.ts';
import type { JsonObject } from '../wire/json-value.ts';
import { laterThan } from './complete-change.ts';
import { bakeMs } from './deployment-config.ts';
import type { Change, ChangeOutcome, EndpointRecord, Fleet } from './endpoint-record.ts';
import { startPace } from './pace.ts';

const ROLLED_BACK = 'The new fleet was not brought into service and the endpoint was rolled back.';

/** Writes an endpoint whose change begins now. */
export function beginChange(context: OperationContext, record: EndpointRecord, change: Change): void {
  const begun = { ...record, change, lastModifiedMs: laterThan(record, context.nowMs) };
  context.world.endpoints.set(record.name.toLowerCase(), begun);
}

/** Refuses with the one text that AWS has for all of them: nothing can be changed while something is under way. */
export function refuseInProgress(record: EndpointRecord): void {
  if (record.change !== undefined) throw validationException(`Cannot update in-progress endpoint "${record.arn}".`);
}

/** A new fleet on its way in, by create or update. How it ends is settled here. */
export function deployment(
  context: OperationContext,
  kind: 'create' | 'update',
  target: Fleet,
  deploymentConfig: JsonObject | undefined,
): Change {
  const { durations } = context.settings;
  const outcome = deploymentOutcome(context, kind, target);
  const unhealthy = outcome.ends === 'badly' && outcome.reason.includes('ping health check');
  const bake = kind === 'update' && outcome.ends === 'well' ? bakeMs(deploymentConfig) : 0;
  const moving = unhealthy
    ? durations.failedHealthCheckMs
    : kind === 'create'
      ? durations.createMs
      : durations.updateMs;
  return {
    kind,
    by: context.by,
    acceptedAtMs: context.nowMs,
    pace: startPace(context.nowMs, moving + bake, context.speed),
    bakeShare: bake === 0 ? 0 : bake / (moving + bake),
    target,
    deploymentConfig,
    outcome,
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
    kind,
    by: context.by,
    acceptedAtMs: context.nowMs,
    pace: startPace(context.nowMs, nominalMs, context.speed),
    bakeShare: 0,
    target,
    deploymentConfig: undefined,
    outcome: rollback === undefined ? { ends: 'well' } : { ends: 'badly', reason: rollback.reason ?? ROLLED_BACK },
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
