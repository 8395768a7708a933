import type { LiveRollout, ServiceState } from './state.ts';

/** When the oldest call without an outcome was intended, ISO 8601; null: none is open. */
export function openSince(state: ServiceState): string | null {
  const { staging, prod } = state.environments;
  const open = [staging.intent, prod.intent].flatMap((intent) => (intent === null ? [] : [intent.at]));
  return open.sort()[0] ?? null;
}

/** Since when the oldest thing is in each state, ISO 8601: rollouts by status, and what waits for approvers. */
export function statusSince(state: ServiceState): Readonly<Record<string, string>> {
  const since: Record<string, string> = {};
  const add = (status: string, at: string) => {
    const before = since[status];
    if (before === undefined || at < before) since[status] = at;
  };
  for (const rollout of state.rollouts) add(rollout.status, rolloutSince(rollout));
  for (const { rollback } of [state.environments.staging, state.environments.prod])
    if (rollback !== null) add('rolling-back', rollback.at);
  for (const { askedAt } of state.approvals) add('model-approval', askedAt);
  if (state.cleanup !== null) add('cleanup', state.cleanup.at);
  return since;
}

/** The last moment that the record names for the stage that it is in. */
function rolloutSince(rollout: LiveRollout): string {
  switch (rollout.status) {
    case 'gate':
      return rollout.gate.openedAt;
    case 'approved':
    case 'prod':
    case 'verifying':
      return rollout.approvedAt;
    case 'tested':
    case 'held':
      return rollout.smoke?.finishedAt ?? rollout.startedAt;
    case 'staging':
    case 'testing':
      return rollout.startedAt;
    default: {
      const never: never = rollout;
      throw new Error(`Unknown status ${JSON.stringify(never)}`);
    }
  }
}
