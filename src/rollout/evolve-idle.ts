import type { Entry, Event } from './events.ts';
import { inDeployment, inEnvironment } from './evolve-endpoint.ts';
import type { IdleEvent } from './idle-events.ts';
import type { Deployment, ServiceState, Stopped } from './state.ts';

/** The fold of what is recorded about stopping what nobody uses. */
export function aboutIdle(state: ServiceState, { usedAt, afterHours, ...event }: IdleEvent): ServiceState {
  return inDeployment(state, event, (d) => ({ ...d, idle: { usedAt, afterHours } }));
}

/**
 * When an environment was last used, as the record knows it: whatever ended there, well or not. One that could not be
 * stopped is used as well, so that it is not tried again at once.
 */
export function noteUse(state: ServiceState, event: Event, { at }: Pick<Entry, 'at'>): ServiceState {
  switch (event.type) {
    case 'EndpointAdopted':
    case 'DeploymentSucceeded':
    case 'DeploymentFailed':
    case 'SmokeFinished':
    case 'SmokeVoided':
    case 'RollbackEnded':
      // Clocks differ: of several moments the latest counts. Texts of one form are ordered as the times are.
      return inEnvironment(state, event.environment, (e) => ({
        ...e,
        usedAt: e.usedAt !== null && e.usedAt > at ? e.usedAt : at,
      }));
    default:
      return state;
  }
}

/** What is remembered of an endpoint that was stopped: how it was right before. */
export function stoppedBy({ idle, followed }: Deployment, at: string): Stopped {
  const baseline = followed?.baseline;
  return {
    at,
    usedAt: idle?.usedAt ?? at,
    lastModified: baseline?.present === true ? baseline.lastModified : null,
  };
}
