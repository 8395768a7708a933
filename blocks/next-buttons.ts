import type { RolloutCard } from '../src/rollout/card-of-rollout.ts';
import type { EndedRollout } from '../src/rollout/state.ts';
import type { Button } from './block.ts';
import { commandButton } from './command-button.ts';

/** What may sensibly be asked for next. Whether somebody may is decided at the press. */
export function nextButtons(
  { service, again, goesBack, holds }: RolloutCard,
  { outcome, candidate, approvedBy }: EndedRollout,
): readonly Button[] {
  const { version } = candidate;
  // A press must not release what somebody locked for another reason.
  const alone = holds.prod.every(({ kind }) => kind === 'after-rollback');
  const others = commandButton(3, 'Other versions', { verb: 'models', service });
  switch (outcome) {
    case 'promoted':
    case 'superseded':
      return [];
    case 'rejected':
      return some(others);
    case 'failed':
    case 'cancelled':
    case 'expired':
    case 'voided':
    case 'rolled-back':
    case 'given-up': {
      const model = { kind: 'version', version } as const;
      const deploy = { verb: 'deploy', environment: 'staging', model, service } as const;
      return [
        ...(again ? [] : some(commandButton(1, `Deploy version ${version} again`, deploy))),
        // What reached prod is compared with the record there.
        ...(approvedBy.length > 0 ? some(commandButton(2, 'Verify', { verb: 'verify', service })) : some(others)),
        ...(goesBack?.holds === true && alone ? some(unlockButton(4, service, goesBack.id)) : []),
      ];
    }
    default:
      return outcome satisfies never;
  }
}

/** Releases prod after a rollback; its reason says where it was pressed, because nobody types one. */
export function unlockButton(place: number, service: string, rollbackId: string): Button | null {
  return commandButton(
    place,
    'Unlock prod',
    { verb: 'unlock', environment: 'prod', service, reason: `looked into ${rollbackId}` },
    {
      confirm: {
        title: 'Unlock prod?',
        text: `prod takes promotions again. The record says that you looked into ${rollbackId}.`,
        confirm: 'Unlock',
        danger: false,
      },
    },
  );
}

function some(button: Button | null): readonly Button[] {
  return button === null ? [] : [button];
}
