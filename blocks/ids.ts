/**
 * The ids that Slack sends back. A message outlives releases, so an id whose meaning or value changes gets a new
 * version; the old one then is answered by the catch-all instead of being misread.
 */
export const COMMAND = '/titanic';

export const ACTIONS = {
  promote: 'promote.v1',
  reject: 'reject.v1',
  withdraw: 'withdraw.v1',
  smokeAgain: 'smoke-again.v1',
  giveUp: 'give-up.v1',
  furtherStaging: 'further-back-staging.v1',
  furtherProd: 'further-back-prod.v1',
  recreate: 'recreate-prod.v1',
  approveModel: 'approve-model.v1',
  rejectModel: 'reject-model.v1',
  leaveRejected: 'leave-rejected.v1',
  confirmCleanup: 'confirm-cleanup.v1',
  stopCleanup: 'stop-cleanup.v1',
} as const;

/** Buttons that carry the words of a command; behind it stands `.` and their place in their block. */
export const COMMAND_ACTION = 'command.v1';

export const VIEWS = { reject: 'reject-reason.v1', rejectModel: 'reject-model-reason.v1' } as const;

/** Where the reject modals keep their only input. */
export const REJECT_INPUT = { block: 'reason', action: 'reason-text.v1' } as const;
