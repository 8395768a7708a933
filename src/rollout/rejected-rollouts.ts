import type { Event } from './events.ts';
import { type Reason, reason } from './reasons.ts';
import type { LiveRollout, ServiceState } from './state.ts';

/**
 * A package is rejected: its rollouts that have not changed prod are void in the same entry. The registry may take
 * minutes to show it, and until then a look before prod would find it approved.
 */
export function voidedByRejection(state: ServiceState, packageArn: string, by: string): readonly Event[] {
  return state.rollouts
    .filter((rollout) => rollout.candidate.packageArn === packageArn)
    .flatMap((rollout) => voided(state, rollout, by));
}

function voided(state: ServiceState, rollout: LiveRollout, by: string): readonly Event[] {
  const { version } = rollout.candidate;
  const why = reason('package-no-longer-approved', { version, status: 'Rejected' });
  const ended: Event = { type: 'RolloutEnded', rolloutId: rollout.id, outcome: 'voided', reason: why, by };
  switch (rollout.status) {
    case 'staging':
      return [ended, ...stopped(state, rollout, 'staging', why)];
    case 'testing': {
      const { smoke } = state.environments.staging;
      const run: readonly Event[] =
        smoke?.rolloutId === rollout.id
          ? [{ type: 'SmokeVoided', environment: 'staging', claim: smoke.claim, reason: reason('smoke-void') }]
          : [];
      return [ended, ...run];
    }
    case 'tested':
    case 'held':
    case 'gate':
    case 'approved':
      return [ended];
    case 'prod': {
      // What prod has taken is told by the alarm, with the way back.
      const taken = state.environments.prod.deployment?.followed != null;
      return taken ? [] : [ended, ...stopped(state, rollout, 'prod', why)];
    }
    case 'verifying':
      return [];
    default: {
      const never: never = rollout;
      throw new Error(`Unknown status ${JSON.stringify(never)}`);
    }
  }
}

/** Whoever is about to send a call for it sees this in the same entry. */
function stopped(
  state: ServiceState,
  rollout: LiveRollout,
  environment: 'staging' | 'prod',
  why: Reason,
): readonly Event[] {
  const { deployment } = state.environments[environment];
  if (deployment === null || deployment.owner !== rollout.id) return [];
  return [{ type: 'DeploymentAbortMarked', environment, deployment: deployment.id, why }];
}

/** Somebody rejected it, and the registry may not show that yet. */
export function isBeingRejected({ approvals }: ServiceState, packageArn: string): boolean {
  return approvals.some((a) => a.packageArn === packageArn && a.verdict?.approve === false);
}
