import type { Entry } from './events.ts';
import { inDeployment, inEnvironment } from './evolve-endpoint.ts';
import type { AlarmState, GuardEvent } from './guard-events.ts';
import type { Deployment, FleetAnalysis, ServiceState } from './state.ts';

/** The fold of what is recorded about a change that SageMaker guards. */
export function aboutGuard(state: ServiceState, event: GuardEvent, entry: Entry): ServiceState {
  switch (event.type) {
    case 'AlarmsSeen':
      return inDeployment(state, event, (d) => withAlarms(d, event.alarms));
    case 'FleetServing':
      return inDeployment(state, event, (d) => ({ ...d, serving: { at: entry.at, until: event.until } }));
    case 'FleetsCompared': {
      const { verdict, findings, fleets, why } = event;
      return inDeployment(state, event, (d) => ({
        ...d,
        analysis: {
          at: entry.at,
          verdict,
          findings,
          fleets,
          why,
          // What is not worse any more counts down to nothing.
          dueAt: verdict === 'worse' ? (d.analysis?.dueAt ?? null) : null,
          snoozed: d.analysis?.snoozed ?? null,
        },
      }));
    }
    case 'AutoRollbackScheduled':
      return inAnalysis(state, event, (analysis) => ({ ...analysis, dueAt: event.dueAt }));
    case 'AutoRollbackSnoozed': {
      const { by, reason, dueAt } = event;
      return inAnalysis(state, event, (analysis) => ({ ...analysis, dueAt, snoozed: { by, reason, at: entry.at } }));
    }
    case 'KillSwitchIntended':
      return inDeployment(state, event, (d) => ({
        ...d,
        trip: {
          seq: entry.seq,
          at: entry.at,
          tries: (d.trip?.tries ?? 0) + 1,
          refusals: d.trip?.refusals ?? 0,
          decided: null,
        },
      }));
    case 'KillSwitchDecided':
      return inEnvironment(state, event.environment, (e) => {
        const { deployment } = e;
        if (deployment?.trip?.seq !== event.intent || deployment.trip.decided !== null) return e;
        return { ...e, deployment: { ...deployment, trip: decided(deployment.trip, event.outcome, entry) } };
      });
    default: {
      const never: never = event;
      throw new Error(`An event of an unknown type: ${JSON.stringify(never)}`);
    }
  }
}

/** An alarm is quiet again as soon as the new fleet has no traffic, while SageMaker still takes it down. */
function withAlarms(deployment: Deployment, alarms: readonly AlarmState[]): Deployment {
  const on = alarms.filter(({ state }) => state === 'ALARM').map(({ name }) => name);
  const wentOff = [...new Set([...(deployment.wentOff ?? []), ...on])];
  return { ...deployment, alarms, ...(wentOff.length === 0 ? {} : { wentOff }) };
}

function inAnalysis(
  state: ServiceState,
  event: Extract<GuardEvent, { type: 'AutoRollbackScheduled' | 'AutoRollbackSnoozed' }>,
  change: (analysis: FleetAnalysis) => FleetAnalysis,
): ServiceState {
  return inDeployment(state, event, (d) => (d.analysis === undefined ? d : { ...d, analysis: change(d.analysis) }));
}

function decided(
  trip: NonNullable<Deployment['trip']>,
  { kind }: Extract<GuardEvent, { type: 'KillSwitchDecided' }>['outcome'],
  entry: Entry,
): NonNullable<Deployment['trip']> {
  const refusals = kind === 'refused' ? trip.refusals + 1 : trip.refusals;
  return { ...trip, refusals, decided: { kind, seq: entry.seq } };
}
