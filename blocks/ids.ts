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
  openDeploy: 'open-deploy.v1',
  openRollback: 'open-rollback.v1',
  openLock: 'open-lock.v1',
  openReview: 'open-review.v1',
  openSnooze: 'open-snooze.v1',
} as const;

/** Buttons that carry the words of a command; behind it stands `.` and their place in their block. */
export const COMMAND_ACTION = 'command.v1';

export const VIEWS = {
  reject: 'reject-reason.v1',
  rejectModel: 'reject-model-reason.v1',
  deploy: 'deploy.v1',
  rollback: 'rollback.v1',
  leave: 'leave.v1',
  further: 'further-back.v1',
  lock: 'lock.v1',
  review: 'review.v1',
  snooze: 'snooze.v1',
} as const;

/** Modals that only show something; nothing of them comes back but the buttons in them. */
export const SHOWN_VIEW = 'shown.v1';

/** Inputs of forms: the block that an error is shown at, and the element. */
export const INPUTS = {
  reason: { block: 'reason', action: 'reason-text.v1' },
  model: { block: 'model', action: 'model-choice.v1' },
  environment: { block: 'environment', action: 'environment-choice.v1' },
  version: { block: 'version', action: 'version-text.v1' },
  duration: { block: 'duration', action: 'duration-text.v1' },
} as const;

/** Entries of Slack's own menus, as the manifest names them. */
export const SHORTCUTS = { menu: 'menu.v1', leave: 'leave-what-this-is-about.v1' } as const;

export const EVENTS = { homeOpened: 'app_home_opened', mention: 'app_mention' } as const;
