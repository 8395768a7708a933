import { type ChangeNow, changeNow } from './change-now.ts';
import type { Hold, Rollback, ServiceState, StackedTarget } from './state.ts';
import { type Usual, usualChange } from './usual-time.ts';

/** Everything that the card of a rollback shows. */
export interface RollbackCard {
  readonly kind: 'rollback';
  readonly id: string;
  readonly service: string;
  readonly rollback: Rollback;
  readonly doing: ChangeNow | null;
  /** The change that was under way and is to end first. */
  readonly undone: ChangeNow | null;
  /** How long an update that starts a new fleet took before; null: not known. */
  readonly usual: Usual | null;
  /** The next target further back, for the button. */
  readonly further: StackedTarget | null;
  readonly holds: readonly Hold[];
  /** It is why prod is held: offer to release it. */
  readonly unlockOffered: boolean;
  readonly recreateOffered: boolean;
}

export function cardOfRollback(state: ServiceState, rollback: Rollback): RollbackCard {
  const e = state.environments[rollback.environment];
  const isLatest = e.returned?.rollbackId === rollback.id;
  const isActive = e.rollback?.id === rollback.id;
  return {
    kind: 'rollback',
    id: rollback.id,
    service: state.service,
    rollback,
    doing: changeNow(state, rollback.environment, ({ owner }) => owner === rollback.id),
    undone: isActive ? changeNow(state, rollback.environment, ({ owner }) => owner !== rollback.id) : null,
    usual: usualChange(e, { call: 'update', shift: null }),
    // While it runs, a press would only be told that it runs.
    further: isLatest && rollback.ended !== null ? (e.stack.at(-2) ?? null) : null,
    holds: e.holds,
    unlockOffered:
      rollback.environment === 'prod' &&
      isLatest &&
      rollback.ended?.reached === true &&
      e.holds.length > 0 &&
      // A press must not release what somebody locked for another reason.
      e.holds.every(({ kind }) => kind === 'after-rollback'),
    recreateOffered:
      rollback.environment === 'prod' && isLatest && rollback.ended?.reached === false && e.endpointFailed,
  };
}
