import type { RolloutOutcome } from '../src/rollout/events.ts';
import type { Rollout } from '../src/rollout/state.ts';

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

/** Where a rollout stands, in a few words. */
export function rolloutHeadline(rollout: Rollout): string {
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
      return 'going to prod';
    case 'verifying':
      return 'checking prod';
    case 'ended':
      // Nothing goes to prod before it is approved, and nothing that was approved fails on staging.
      return rollout.outcome === 'failed' && rollout.approvedBy.length > 0
        ? '⛔ failed on prod'
        : OUTCOMES[rollout.outcome];
  }
}

const STEPS = ['staging', 'smoke tests', 'approval', 'prod', 'check of prod'] as const;

function stepOf(rollout: Rollout): number {
  switch (rollout.status) {
    case 'staging':
      return 0;
    case 'testing':
    case 'held':
      return 1;
    case 'tested':
    case 'gate':
      return 2;
    case 'approved':
    case 'prod':
      return 3;
    case 'verifying':
      return 4;
    case 'ended':
      return rollout.outcome === 'promoted' ? STEPS.length : -1;
  }
}

/** `✓ staging   ● smoke tests   ○ approval …`; null once it ended otherwise than well. */
export function stepsWords(rollout: Rollout): string | null {
  const current = stepOf(rollout);
  if (current < 0) return null;
  return STEPS.map((step, index) => `${index < current ? '✓' : index === current ? '●' : '○'} ${step}`).join('   ');
}
