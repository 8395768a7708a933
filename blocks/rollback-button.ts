import type { RolloutCard } from '../src/rollout/card-of-rollout.ts';
import type { Button } from './block.ts';
import { versionWords } from './candidate-words.ts';
import { commandButton } from './command-button.ts';

/**
 * Back to exactly what the card says. Without its version, a press on a card that is a moment old could go one further:
 * prod may have gone back by itself meanwhile.
 */
export function rollbackButtons({ service, rollout, rollbackOffered, doing }: RolloutCard): readonly Button[] {
  if (rollbackOffered === null) return [];
  const { version } = rollbackOffered;
  const now = rollout.status === 'prod';
  const button = commandButton(
    0,
    now ? 'Roll back now' : 'Roll back prod',
    { verb: 'rollback', environment: 'prod', service, ...(version === null ? {} : { to: version }) },
    {
      style: 'danger',
      confirm: {
        title: now ? 'Roll back now?' : 'Roll back prod?',
        text: `prod goes back to ${versionWords(rollbackOffered)} and is held. ${wayWords(doing)}`,
        confirm: 'Roll back',
        danger: true,
      },
    },
  );
  return button === null ? [] : [button];
}

function wayWords(doing: RolloutCard['doing']): string {
  if (doing === null) return 'A new fleet is started for that, which takes minutes.';
  if (doing.guard === null) return 'The running update ends first; then a new fleet is started, which takes minutes.';
  return doing.guard.strategy.traffic.kind === 'rolling'
    ? 'SageMaker undoes the running update; instances that are gone already start again.'
    : 'SageMaker undoes the running update; no instance has to start.';
}
