import type { EnvironmentPlan } from './candidate.ts';
import { type CommandContext, no, type Verdict, yes } from './decide-command.ts';
import type { DeploymentContext } from './decide-deployment.ts';
import type { Event } from './events.ts';
import { startGoingBack } from './going-back.ts';
import { askedAgainMs, idleDue, servesThat, STOP_WITHIN_MS } from './idle-stop.ts';
import type { Settings } from './input.ts';
import { without } from './mutations.ts';
import type { EndpointSeen, Observation, Reading } from './observation.ts';
import { reason } from './reasons.ts';
import type { ServiceState } from './state.ts';
import { NOTHING, record, type Step, wake } from './step.ts';

/**
 * Stops staging when nobody has used it for as long as is configured: neither by the record nor by CloudWatch. What
 * cannot be read is no sign that nobody does.
 */
export function decideIdleStop(state: ServiceState, observation: Observation, settings: Settings, nowMs: number): Step {
  const due = idleDue(state, settings, nowMs);
  if (due.kind === 'no' || settings.idleStop === undefined) return NOTHING;
  if (due.kind === 'later') return wake(due.inMs);
  const look = observation.endpoints.staging;
  const target = state.environments.staging.stack.at(-1);
  if (target === undefined || look?.kind !== 'known') return wake(askedAgainMs(settings));
  const { endpoint, requests } = look.value;
  if (!unused(requests, settings) || !servesThat(endpoint, target)) return wake(askedAgainMs(settings));
  const deployment = state.seq + 1;
  return record([
    {
      type: 'DeploymentStarted',
      environment: 'staging',
      kind: 'stop',
      owner: `${state.service}-${deployment}`,
      target,
      deadlineAt: new Date(nowMs + STOP_WITHIN_MS).toISOString(),
    },
    {
      type: 'IdleStopDecided',
      environment: 'staging',
      deployment,
      usedAt: due.usedAt,
      afterHours: settings.idleStop.afterMs / 3_600_000,
      capacity: capacityOf(state, target.rolloutId),
    },
  ]);
}

function unused(requests: Reading<number> | undefined, { mutations }: Settings): boolean {
  if (requests === undefined) return false;
  if (requests.kind === 'unknown') return without(mutations, 'unknown-use-is-none');
  return requests.value === 0;
}

/** null: the record does not keep that rollout any more, or titanic did not bring it there. */
function capacityOf({ rollouts, ended }: ServiceState, rolloutId: string | null): EnvironmentPlan['capacity'] | null {
  return [...rollouts, ...ended].find(({ id }) => id === rolloutId)?.candidate.plans.staging.capacity ?? null;
}

/** `smoke staging` while it is stopped: what it ran comes back as any rollback would, and is measured then. */
export function decideSmokeOfStopped(c: CommandContext): Verdict {
  const target = c.state.environments.staging.stack.at(-1);
  if (target === undefined) return no(reason('no-endpoint', { environment: 'staging' }));
  const waits = c.state.rollouts.find((r) => r.status === 'gate' || r.status === 'approved');
  if (waits !== undefined) return no(reason('smoke-would-void', { environment: 'staging', rollout: waits.id }));
  const events = startGoingBack(c.state, {
    environment: 'staging',
    target,
    cause: 'smoke-asked',
    by: c.who,
    reason: null,
  });
  const why = reason('smoke-after-return', { environment: 'staging', version: target.version ?? target.configName });
  return yes(why, events, `${c.state.service}-${c.state.seq + 1}`);
}

/** What came back to be measured is measured at once, by whoever records that it is there. */
export function smokeAfterReturn(c: DeploymentContext, seen: EndpointSeen): Step {
  const { deployment, e, environment, settings, state } = c;
  const asked = deployment.kind === 'rollback' && e.rollback?.id === deployment.owner ? e.rollback.cause : null;
  if (asked !== 'smoke-asked') return NOTHING;
  const { configName, lastModified } = seen;
  const started: Event = {
    type: 'SmokeStarted',
    environment,
    purpose: 'alone',
    rolloutId: null,
    configName,
    lastModified,
    longestMs: settings.smokeLongestMs,
  };
  return record([started], [{ kind: 'smoke', environment, claim: state.seq + 1 }]);
}
