/**
 * Changes of the core that its simulation must notice: each leaves out one rule of the protocol. They are switches
 * rather than patches, so that they cannot rot. Only the simulation sets them; nothing that reads a configuration can,
 * and a boundary test holds that.
 */
export type Mutation =
  | 'no-dedupe'
  | 'no-wait-for-an-open-intent'
  | 'ended-with-an-open-intent'
  | 'no-clock-check-before-sending'
  | 'unwanted-but-sent'
  | 'old-observation-appended'
  | 'count-begun-before-the-load'
  | 'observed-before-the-load'
  | 'describe-right-after-an-outcome'
  | 'approvals-survive-a-rollback'
  | 'no-second-rendering'
  | 'overdue-becomes-a-success'
  | 'approval-not-checked-again'
  | 'seal-not-read-again'
  | 'same-person-counts-twice'
  | 'requester-counts'
  | 'nobody-known-nobody-more'
  | 'expiry-ignored-at-the-press'
  | 'planned-time-ignored'
  | 'glass-past-every-lock'
  | 'glass-not-checked-again'
  | 'withdrawn-still-counts'
  | 'rollback-to-what-failed'
  | 'requester-approves-the-model'
  | 'rejection-voids-nothing'
  | 'rejection-outside-ignored'
  | 'model-decided-again'
  | 'one-person-decides-twice'
  | 'proposer-confirms'
  | 'changed-plan-carried-out'
  | 'cleanup-not-in-the-way'
  | 'deleted-without-a-look'
  | 'stopped-but-deleted'
  | 'kill-switch-never-set'
  | 'alarms-not-asked'
  | 'countdown-ends-in-nothing'
  | 'snoozed-again-and-again'
  | 'stopped-at-any-gate'
  | 'unknown-use-is-none'
  | 'reminded-without-end'
  | 'reminders-do-not-back-off'
  | 'reminded-after-the-decision'
  | 'staged-again-by-itself'
  | 'tick-counts-again'
  | 'people-superseded-by-itself';

/** Absent in the product. */
export type Mutations = ReadonlySet<Mutation> | undefined;

/** Whether a rule is left out: `without(settings.mutations, 'no-dedupe')`. */
export function without(mutations: Mutations, rule: Mutation): boolean {
  return mutations?.has(rule) ?? false;
}
