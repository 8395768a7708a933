import type { Environment, Target } from './candidate.ts';
import type { Event, RollbackCause } from './events.ts';
import type { EnvironmentState, ServiceState, StackedTarget } from './state.ts';

/** Where a plain rollback leads: what ran before, or what should run where that is not certain. null: nowhere. */
export function rollbackTarget(e: EnvironmentState): StackedTarget | null {
  const current = e.stack.at(-1) ?? null;
  if (e.deployment?.kind === 'rollout') return current;
  // While it is being stopped nothing else changes, so what ran is certain; with nothing before it, that comes back.
  const goesDown = e.stopped !== null || e.deployment?.kind === 'stop';
  const before = e.stack.at(-2) ?? (goesDown ? current : null);
  return e.settled || goesDown ? before : current;
}

/** Everything below the present one that succeeded, newest first: what `--to VERSION` can name. */
export function rollbackTargets(e: EnvironmentState): readonly StackedTarget[] {
  const all = e.stack.toReversed();
  const certain = e.settled && e.stopped === null && e.deployment?.kind !== 'rollout';
  return certain ? all.slice(1) : all;
}

interface Asked {
  readonly environment: Environment;
  readonly target: Target;
  readonly cause: RollbackCause;
  readonly by: string | null;
  readonly reason: string | null;
  readonly recreate?: boolean;
}

/**
 * Events that start going back: a running smoke run is void, approvals given before are void, and prod is held until
 * somebody releases it. Used by the command and by everything that goes back by itself, so that no path forgets a part.
 */
export function startGoingBack(state: ServiceState, asked: Asked): readonly Event[] {
  const { environment, target, cause, by, reason } = asked;
  const e = state.environments[environment];
  const leaving = e.deployment?.target.configName ?? e.stack.at(-1)?.configName ?? null;
  const events: Event[] = [];
  if (e.smoke !== null) {
    events.push({ type: 'SmokeVoided', environment, claim: e.smoke.claim, reason: { code: 'smoke-void' } });
  }
  events.push({
    type: 'RollbackStarted',
    rollbackId: `${state.service}-${state.seq + 1}`,
    environment,
    cause,
    target,
    leaving: leaving === target.configName ? null : leaving,
    by,
    reason,
    recreate: asked.recreate ?? false,
  });
  if (environment === 'prod') events.push(...afterProdRollback(state, asked));
  return events;
}

function afterProdRollback(state: ServiceState, asked: Asked): readonly Event[] {
  const events: Event[] = [];
  for (const rollout of state.rollouts) {
    const approved = rollout.status === 'approved' || (rollout.status === 'gate' && rollout.gate.approvals.length > 0);
    if (approved) events.push({ type: 'ApprovalsVoided', rolloutId: rollout.id, reason: { code: 'approvals-void' } });
  }
  const held = state.environments.prod.holds.some((h) => h.kind === 'after-rollback');
  if (!held) {
    const why = asked.reason ?? `prod went back to version ${asked.target.version ?? asked.target.configName}`;
    events.push({
      type: 'HoldPlaced',
      environment: 'prod',
      kind: 'after-rollback',
      by: asked.by,
      reason: why,
      until: null,
    });
  }
  return events;
}
