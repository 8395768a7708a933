import type { AutoStageEvent } from './auto-stage-events.ts';
import type { Entry, EventOf } from './events.ts';
import { packageGroupOf } from './staged.ts';
import type { ServiceState } from './state.ts';

/** The fold of what is recorded of rollouts that nobody asks for. */
export function aboutAutoStage(state: ServiceState, event: AutoStageEvent, entry: Entry): ServiceState {
  const { autoStage } = state;
  switch (event.type) {
    case 'AutoStageWaits': {
      const { version, packageArn, trigger, reason } = event;
      const tick = trigger.kind === 'schedule' ? trigger.at : autoStage.tick;
      return { ...state, autoStage: { tick, waiting: { version, packageArn, trigger, reason, at: entry.at } } };
    }
    case 'AutoStageDropped':
      return autoStage.waiting?.version === event.version
        ? { ...state, autoStage: { ...autoStage, waiting: null } }
        : state;
    default: {
      const never: never = event;
      throw new Error(`An event of an unknown type: ${JSON.stringify(never)}`);
    }
  }
}

/** Whoever began it: what is not newer than this is never rolled out by itself any more. */
export function staged(state: ServiceState, { candidate, automatic }: EventOf<'RolloutStarted'>): ServiceState {
  const group = packageGroupOf(candidate.packageArn);
  const { tick, waiting } = state.autoStage;
  return {
    ...state,
    staged: { ...state.staged, [group]: Math.max(state.staged[group] ?? 0, candidate.version) },
    autoStage: {
      tick: automatic?.kind === 'schedule' ? automatic.at : tick,
      waiting: waiting !== null && waiting.version > candidate.version ? waiting : null,
    },
  };
}
