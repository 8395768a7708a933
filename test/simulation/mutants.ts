import type { ProtocolTimes } from '../../src/rollout/input.ts';
import type { Mutation } from '../../src/rollout/mutations.ts';
import type { DirectedName } from './directed.ts';

/**
 * What the simulation must notice. A mutant leaves out a rule of the core (`leavesOut`), or something that the core
 * relies on in what it is given.
 */
export interface Mutant {
  readonly name: string;
  readonly what: string;
  /** A second line of defence: not expected to be caught alone, because this one comes first. */
  readonly coveredBy?: string;
  /** The life that is written for it, where chance alone would take too long. */
  readonly life?: DirectedName;
  readonly leavesOut?: readonly Mutation[];
  readonly unconditionalAppend?: true;
  readonly unclearIs?: 'stored' | 'refused';
  readonly monotonicAlone?: true;
  readonly adoptsBlindly?: true;
  readonly timeoutIsRefusal?: true;
  readonly boundlessSmoke?: true;
  readonly announcesEarly?: true;
  readonly verdictsLeaveLate?: true;
  readonly plansBlindly?: true;
  readonly deletionsLeaveLate?: true;
  readonly times?: Partial<ProtocolTimes>;
  readonly approvalExpiresAfterHours?: number;
  readonly quorum?: number;
}

export const NO_MUTANT: Mutant = { name: 'none', what: 'the product as it is' };

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'unconditional-append',
    what: 'an entry is written whether or not its place is taken',
    unconditionalAppend: true,
  },
  { name: 'unclear-append-won', what: 'an append without a reply counts as won', unclearIs: 'stored' },
  {
    name: 'unclear-append-lost',
    what: 'an append without a reply counts as lost',
    unclearIs: 'refused',
    coveredBy: "an intent that appears later is nobody's to send, and is decided by looking",
  },
  { name: 'no-dedupe', what: 'a repeated delivery is a new command', leavesOut: ['no-dedupe'] },
  {
    name: 'no-wait-for-an-open-intent',
    what: 'the next call is intended while one has no outcome',
    leavesOut: ['no-wait-for-an-open-intent'],
  },
  { name: 'timeout-is-an-outcome', what: 'a call without a reply counts as refused', timeoutIsRefusal: true },
  {
    name: 'no-clock-check-before-sending',
    what: 'a call leaves however long ago its intent was begun',
    leavesOut: ['no-clock-check-before-sending'],
    life: 'asleep-at-the-wire',
  },
  {
    name: 'unwanted-but-sent',
    what: 'a call is sent although its deployment was stopped or held meanwhile',
    leavesOut: ['unwanted-but-sent'],
    life: 'second-thoughts',
  },
  {
    name: 'adopt-without-comparing',
    what: 'a config of the right name is taken for our own',
    adoptsBlindly: true,
    life: 'names-taken',
  },
  {
    name: 'ended-with-an-open-intent',
    what: 'a stopped deployment ends although its call has no outcome',
    leavesOut: ['ended-with-an-open-intent'],
  },
  { name: 'landed-at-once', what: 'an open intent is decided without waiting', times: { openIntentMs: 0 } },
  {
    name: 'count-begun-before-the-load',
    what: 'the 120 s are counted from before the load that showed the intent',
    leavesOut: ['count-begun-before-the-load'],
    coveredBy: 'a read of the log is given up after 20 s, and the 120 s leave 35 s beyond the latest landing',
  },
  {
    name: 'describe-right-after-an-outcome',
    what: 'a describe counts that may be older than the last outcome',
    leavesOut: ['describe-right-after-an-outcome'],
    life: 'stale-describes',
  },
  {
    name: 'no-trace-at-once',
    what: 'no change after an accepted call is believed at once',
    times: { noTraceMs: 0 },
    coveredBy: 'nothing that is seen within 10 s of an outcome counts, and no describe is older than that',
  },
  {
    name: 'old-observation-appended',
    what: 'what was seen longer than 25 s ago is recorded',
    leavesOut: ['old-observation-appended'],
    life: 'asleep-after-the-look',
  },
  {
    name: 'approvals-survive-a-rollback',
    what: 'approvals given before a rollback of prod still count',
    leavesOut: ['approvals-survive-a-rollback'],
    life: 'rollback-at-the-gate',
  },
  {
    name: 'no-second-rendering',
    what: 'a card is not rendered once more after its last update',
    leavesOut: ['no-second-rendering'],
    life: 'slow-slack',
  },
  { name: 'monotonic-clock-alone', what: 'time asleep is not counted', monotonicAlone: true },
  {
    name: 'observed-before-the-load',
    what: 'the world is looked at before the log is read',
    leavesOut: ['observed-before-the-load'],
    coveredBy: 'what the look did not know of has the age 0 in it, so it decides nothing about that',
  },
  { name: 'smoke-without-limit', what: 'a smoke run does not ask whether it may go on', boundlessSmoke: true },
  {
    name: 'overdue-becomes-a-success',
    what: 'an update past its deadline counts once it is done',
    leavesOut: ['overdue-becomes-a-success'],
  },
  {
    name: 'approval-not-checked-again',
    what: 'who may approve is not read again before prod',
    leavesOut: ['approval-not-checked-again'],
    life: 'approvers-leave',
  },
  {
    name: 'seal-not-read-again',
    what: 'the package is not compared with its seal before prod',
    leavesOut: ['seal-not-read-again'],
    life: 'package-changes-at-the-gate',
  },
  {
    name: 'same-person-counts-twice',
    what: 'the quorum counts presses, not people',
    leavesOut: ['same-person-counts-twice'],
  },
  { name: 'requester-counts', what: 'whoever asked for a rollout may approve it', leavesOut: ['requester-counts'] },
  { name: 'quorum-of-one', what: 'one approval is enough', quorum: 1 },
  {
    name: 'approvals-never-expire',
    what: 'expiry is ignored everywhere',
    approvalExpiresAfterHours: 10_000,
    life: 'late-approvers',
  },
  {
    name: 'expiry-ignored-at-the-press',
    what: 'a press counts after the expiry',
    leavesOut: ['expiry-ignored-at-the-press'],
    life: 'pressed-while-it-slept',
  },
  {
    name: 'rollback-to-what-failed',
    what: 'a rollback may lead to what has not succeeded',
    leavesOut: ['rollback-to-what-failed'],
    life: 'back-to-the-new-one',
  },
  {
    name: 'requester-approves-the-model',
    what: 'whoever asked for a package that is pending may approve it',
    leavesOut: ['requester-approves-the-model'],
    life: 'who-asks-approves',
  },
  {
    name: 'one-person-decides-twice',
    what: 'whoever approved the model may ask for its rollout without one approval more',
    leavesOut: ['one-person-decides-twice'],
    life: 'who-asks-approves',
  },
  {
    name: 'model-decided-again',
    what: 'a question about a model is decided by every press',
    leavesOut: ['model-decided-again'],
  },
  {
    name: 'rejection-outside-ignored',
    what: 'prod gets a package that was rejected or withdrawn outside of titanic meanwhile',
    leavesOut: ['rejection-outside-ignored'],
    life: 'package-changes-at-the-gate',
  },
  {
    name: 'verdict-leaves-late',
    what: 'the Model Registry is told however long ago that was decided',
    verdictsLeaveLate: true,
    life: 'asleep-with-a-verdict',
  },
  {
    name: 'rejection-voids-nothing',
    what: 'a rollout goes on until the Model Registry shows that its model was rejected',
    leavesOut: ['rejection-voids-nothing'],
    life: 'rejected-on-the-way',
  },
  {
    name: 'changed-plan-carried-out',
    what: 'a clean-up that is confirmed is not compared with what it showed',
    leavesOut: ['changed-plan-carried-out'],
    life: 'plan-of-another-world',
  },
  {
    name: 'proposer-confirms',
    what: 'whoever asked for a clean-up of what is live may confirm it',
    leavesOut: ['proposer-confirms'],
    life: 'all-gone',
  },
  {
    name: 'cleanup-not-in-the-way',
    what: 'a rollout may begin in what a clean-up deletes',
    leavesOut: ['cleanup-not-in-the-way'],
    life: 'all-gone',
  },
  {
    name: 'plans-blindly',
    what: 'the plan of a clean-up does not ask what the record still needs',
    plansBlindly: true,
    life: 'cleaned-again-and-again',
  },
  {
    name: 'deleted-without-a-look',
    what: 'what uses a thing is not looked at once more right before it is deleted',
    leavesOut: ['deleted-without-a-look'],
    life: 'in-use-by-then',
  },
  {
    name: 'deletion-leaves-late',
    what: 'a thing is deleted however long ago it was looked at',
    deletionsLeaveLate: true,
    life: 'asleep-with-a-deletion',
  },
  {
    name: 'stopped-but-deleted',
    what: 'a deletion is sent although its clean-up was stopped meanwhile',
    leavesOut: ['stopped-but-deleted'],
    life: 'second-thoughts-about-a-clean-up',
  },
  { name: 'announce-before-record', what: 'Slack shows what is about to be recorded', announcesEarly: true },
  {
    name: 'nobody-known-nobody-more',
    what: 'a pipeline in nobody’s name needs no approval more',
    leavesOut: ['nobody-known-nobody-more'],
    life: 'pipelines-deploy',
  },
  {
    name: 'planned-time-ignored',
    what: 'prod is touched before the time that its approvers chose',
    leavesOut: ['planned-time-ignored'],
    life: 'planned-and-taken-back',
  },
  {
    name: 'withdrawn-still-counts',
    what: 'an approval that was taken back counts',
    leavesOut: ['withdrawn-still-counts'],
    life: 'planned-and-taken-back',
  },
  {
    name: 'glass-past-every-lock',
    what: 'a broken glass goes past locks that were placed afterwards',
    leavesOut: ['glass-past-every-lock'],
    life: 'glass-is-broken',
    coveredBy: 'whoever is about to send the call looks at the locks once more',
  },
  {
    name: 'glass-not-checked-again',
    what: 'whoever broke the glass need not be an approver any more right before prod',
    leavesOut: ['glass-not-checked-again'],
    life: 'glass-is-broken',
  },
  {
    name: 'kill-switch-never-set',
    what: 'a guarded change of prod that was stopped goes on to its end',
    leavesOut: ['kill-switch-never-set'],
    life: 'stopped-in-the-bake',
  },
  {
    name: 'alarms-not-asked',
    what: 'prod is changed though an alarm that is to guard it is on or missing',
    leavesOut: ['alarms-not-asked'],
    life: 'alarms-on-before',
  },
  {
    name: 'countdown-ends-in-nothing',
    what: 'a new fleet that is worse stays in prod if nobody says anything',
    leavesOut: ['countdown-ends-in-nothing'],
    life: 'worse-and-nobody-there',
  },
  {
    name: 'snoozed-again-and-again',
    what: 'going back by itself is put off as often as somebody likes',
    leavesOut: ['snoozed-again-and-again'],
    life: 'worse-and-nobody-there',
  },
  {
    name: 'reminded-without-end',
    what: 'approvers are reminded more often than is configured',
    leavesOut: ['reminded-without-end'],
    life: 'slow-approvers',
  },
  {
    name: 'reminders-do-not-back-off',
    what: 'each reminder follows as soon as the one before',
    leavesOut: ['reminders-do-not-back-off'],
    life: 'slow-approvers',
  },
  {
    name: 'reminded-after-the-decision',
    what: 'approvers are reminded of what they have approved for later',
    leavesOut: ['reminded-after-the-decision'],
    life: 'slow-approvers',
  },
  {
    name: 'staged-again-by-itself',
    what: 'what was in staging before is rolled out by itself again',
    leavesOut: ['staged-again-by-itself'],
    life: 'staged-by-itself',
  },
  {
    name: 'tick-counts-again',
    what: 'one time of the schedule leads to several rollouts',
    leavesOut: ['tick-counts-again'],
    life: 'staged-by-itself',
    coveredBy:
      'what looks for due times asks the record for the last one that led to something, and the key is known for an hour',
  },
  {
    name: 'people-superseded-by-itself',
    what: 'what nobody asked for takes the place of what people decide about',
    leavesOut: ['people-superseded-by-itself'],
    life: 'staged-by-itself',
  },
  {
    name: 'stopped-at-any-gate',
    what: 'staging is stopped though a gate that has not said so waits for approvers',
    leavesOut: ['stopped-at-any-gate'],
    life: 'nobody-uses-staging',
  },
  {
    name: 'unknown-use-is-none',
    what: 'staging is stopped though CloudWatch cannot say whether anybody uses it',
    leavesOut: ['unknown-use-is-none'],
    life: 'nobody-uses-staging',
  },
];

export function mutantNamed(name: string): Mutant {
  const found = [NO_MUTANT, ...MUTANTS].find((m) => m.name === name);
  if (found === undefined)
    throw new Error(`No mutant is called ${name}. There are: ${MUTANTS.map((m) => m.name).join(', ')}`);
  return found;
}
