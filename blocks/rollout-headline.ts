import type { RolloutOutcome } from '../src/rollout/events.ts';
import type { Rollout } from '../src/rollout/state.ts';
import { stepTimes } from '../src/rollout/step-times.ts';
import { tookWords } from './duration-words.ts';

const OUTCOMES: Readonly<Record<RolloutOutcome, string>> = {
  promoted: '✅ promoted to prod',
  failed: '⛔ failed on staging',
  rejected: '⛔ rejected',
  cancelled: '⏹ cancelled',
  superseded: '⏹ superseded',
  expired: '⏹ expired, nobody decided in time',
  voided: '⏹ void',
  'rolled-back': '↩ rolled back',
  'given-up': '⏹ given up',
};

/** Where a rollout stands, in a few words. `serving`: all of prod's traffic, while the old fleet is still kept. */
export function rolloutHeadline(rollout: Rollout, serving = false): string {
  switch (rollout.status) {
    case 'staging':
      return 'going to staging';
    case 'testing':
      return 'smoke tests on staging';
    case 'tested':
      return 'smoke tests passed';
    case 'held':
      return '✋ on hold: no verdict of the smoke tests';
    case 'gate':
      return '✋ waits for approval';
    case 'approved':
      return 'approved, prod is next';
    case 'prod':
      return serving ? 'serving in prod, the old fleet is kept' : 'going to prod';
    case 'verifying':
      return 'checking prod';
    case 'ended':
      // Nothing goes to prod before it is approved, and nothing that was approved fails on staging.
      return rollout.outcome === 'failed' && rollout.approvedBy.length > 0
        ? '⛔ failed on prod'
        : OUTCOMES[rollout.outcome];
  }
}

/** `✓ staging 4 min   ● smoke tests   ○ approval …`: each step that is over with how long it took, and what is next. */
export function stepsWords(rollout: Rollout): string {
  const steps = stepTimes(rollout);
  const over = rollout.status === 'ended';
  const current = steps.findIndex(({ to }) => to === null);
  return steps
    .filter(({ from }) => from !== null || !over)
    .map(({ step, from, to, broken }, at) => {
      const took = from === null || to === null ? '' : ` ${tookWords(Date.parse(to) - Date.parse(from))}`;
      const mark = broken ? '✗' : to !== null ? '✓' : at === current ? '●' : '○';
      return `${mark} ${step}${took}`;
    })
    .join('   ');
}
