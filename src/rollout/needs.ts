import type { Environment } from './candidate.ts';
import type { ObservationNeeds } from './observation.ts';
import type { LiveRollout, ServiceState } from './state.ts';

type EndpointNeed = ObservationNeeds['endpoints'][Environment];

/**
 * What a decision on this state has to know of the outside. Nothing at rest: an open gate costs no call.
 * Asked anew in every pass, because nothing observed is kept from an earlier one.
 */
export function needsOf(state: ServiceState): ObservationNeeds {
  const candidate = sealed(state);
  return {
    endpoints: { staging: endpointNeed(state, 'staging'), prod: endpointNeed(state, 'prod') },
    sealOf: candidate?.id ?? null,
    approvers: state.rollouts.some((r) => r.status === 'approved' || (r.status === 'prod' && notSent(state, 'prod'))),
    models: Object.fromEntries(state.approvals.map((a) => [a.id, a.packageArn])),
    ages: ages(state),
  };
}

/** Whether anything is to be observed at all. */
export function needsNothing(needs: ObservationNeeds): boolean {
  if (Object.keys(needs.models).length > 0) return false;
  return needs.endpoints.staging === null && needs.endpoints.prod === null && needs.sealOf === null && !needs.approvers;
}

function notSent(state: ServiceState, environment: Environment): boolean {
  const { deployment, intent } = state.environments[environment];
  if (deployment === null || intent !== null) return false;
  // A deletion is only the way to a creation, which is guarded like any call.
  return deployment.followed === null || deployment.followed.call.kind === 'delete';
}

/** The rollout whose seal counts for the next step: what goes to prod first. */
function sealed(state: ServiceState): LiveRollout | undefined {
  return (
    state.rollouts.find((r) => r.status === 'prod' && notSent(state, 'prod')) ??
    state.rollouts.find((r) => r.status === 'approved') ??
    state.rollouts.find((r) => r.status === 'tested') ??
    state.rollouts.find((r) => r.status === 'staging' && notSent(state, 'staging'))
  );
}

function endpointNeed(state: ServiceState, environment: Environment): EndpointNeed {
  const e = state.environments[environment];
  const active = e.deployment !== null || e.intent !== null;
  const tested = environment === 'staging' ? 'testing' : 'verifying';
  const toTest = e.smoke === null && state.rollouts.some((r) => r.status === tested);
  // Staging is looked at once more right before prod.
  const beforeProd = state.rollouts.some(
    (r) => r.status === 'approved' || (r.status === 'prod' && notSent(state, 'prod')),
  );
  // A deploy goes on once its package is approved.
  const toDeploy = environment === 'staging' && state.approvals.some((a) => a.deploys);
  if (!active && !toTest && !toDeploy && !(beforeProd && environment === 'staging')) return null;
  const back = e.deployment?.kind === 'rollback' && notSent(state, environment);
  return {
    chain: e.deployment !== null,
    tags: (e.deployment !== null || toDeploy) && !e.known,
    targetConfig: back ? (e.deployment?.target.configName ?? null) : null,
  };
}

function ages(state: ServiceState): readonly number[] {
  const seqs: number[] = [];
  for (const e of [state.environments.staging, state.environments.prod]) {
    if (e.intent !== null) seqs.push(e.intent.seq);
    if (e.lastOutcomeSeq !== null) seqs.push(e.lastOutcomeSeq);
    if (e.deployment?.followed != null) seqs.push(e.deployment.followed.outcomeSeq);
    if (e.smoke !== null) seqs.push(e.smoke.claim);
  }
  if (state.cleanup?.round != null) seqs.push(state.cleanup.round.seq);
  for (const a of state.approvals) if (a.intent !== null) seqs.push(a.intent.seq);
  for (const r of state.rollouts) if (r.smoke !== null) seqs.push(r.smoke.finishedSeq);
  return seqs;
}
