/** The one closed list of reason codes. Refusals, waits, endings, evidence and messages all use it. */

const REASONS = {
  // accepted commands
  'rollout-started': 'Rollout {rollout} of version {version} to staging has started.',
  'approval-recorded': 'Your approval of {rollout} is recorded: {have} of {need}.',
  'promotion-approved': '{rollout} is approved and goes to prod now.',
  'approval-not-mandatory':
    'Your approval of {rollout} is recorded: {have} of {need}. One of them must be of the mandatory group; ask somebody of it.',
  'promotion-scheduled': '{rollout} is approved and goes to prod at {at}.',
  'approval-withdrawn': 'Your approval of {rollout} is withdrawn: {have} of {need}.',
  'glass-broken':
    '{rollout} goes to prod now, past what stood in the way. All approvers are told, and another one has to sign it off.',
  'glass-reviewed': '{rollout} is signed off.',
  'rollout-rejected': '{rollout} is rejected.',
  'rollout-cancelled': '{rollout} is cancelled.',
  'cancel-going-back': '{rollout} is being cancelled; {environment} goes back to what ran before.',
  'rollback-started':
    '{environment} goes back to version {version}. SageMaker starts its fleet anew, which takes minutes.',
  'rollback-by-kill-switch':
    '{environment} goes back to version {version}: SageMaker is told to undo the running update. The old fleet still stands, so no instance has to start.',
  'rollback-waits': '{environment} goes back to version {version} as soon as SageMaker allows: {why}.',
  'lock-placed': '{environment} is locked: {reason}.',
  'hold-released': '{environment} is released: {reason}.',
  'smoke-started': 'A smoke run against {environment} has started.',
  'smoke-after-return':
    '{environment} is stopped, because nobody used it. Version {version} comes back, which takes minutes, and is then measured.',
  'smoke-repeat': 'The smoke run of {rollout} is repeated.',
  'gave-up': '{rollout} is given up; staging stays as it is until the next deploy.',
  'endpoint-adopted': 'The endpoint {endpoint} is adopted; its running config is the first rollback target.',
  'recreate-started': 'prod is deleted and created again with version {version}.',
  'auto-rollback-snoozed':
    'prod does not go back by itself before {until}. After that it does, if its new fleet is still worse.',
  'break-acknowledged':
    'The break at entry {seq} is acknowledged ({places} in all). What was open is void, and prod is held until it is unlocked; a rollback is possible.',
  'already-recorded': 'This was recorded before; nothing was done twice.',

  // refused: who
  'not-an-approver': 'Only approvers may do this. Ask one of the approvers to do it.',
  'not-an-operator': 'Only operators may do this. Ask one of the operators, or ask to become one.',
  'not-an-operator-or-approver': 'Only operators and approvers may do this. Ask one of them.',
  'not-the-requester': 'Only the requester or an approver may cancel this rollout.',
  'requester-cannot-approve':
    'You asked for this rollout, so your approval does not count. Another approver has to decide.',
  'pipeline-cannot-approve':
    'A pipeline can ask for a promotion, never approve one. An approver has to press the button.',
  'approved-already': 'You approved this already; one more press changes nothing. {have} of {need}.',
  'nothing-to-withdraw': 'You have no approval of {rollout} that could be withdrawn.',
  'time-zone-unknown':
    'Which time is meant is not clear: Slack does not say in which time zone you are. Write it with its zone, such as 2026-11-25T09:00Z.',
  'time-passed': '{at} is in the past. Name a later time.',
  'time-after-expiry': 'The approval counts until {expires}, so it cannot be kept until {at}. Name an earlier time.',
  'prod-frozen':
    'prod is frozen by {owner}: {name}, {reason} (until {until}). Promote afterwards, or for a later time: `/titanic promote --at TIME`.',
  'no-break-glass':
    'Breaking the glass is not allowed here. `slack.approvers.breakGlass` in the configuration would allow it; until then the gate decides.',
  'nothing-to-break': 'Nothing stands in the way of {rollout}. Press Promote to prod.',
  'glass-broken-already': '{by} has broken the glass for {rollout} already.',
  'nothing-to-review': 'Nobody has broken the glass for {rollout}, or it is signed off already.',
  'own-glass': 'You broke the glass for {rollout} yourself, so another approver has to sign it off.',
  'requester-unknown':
    '{person} cannot be named as requester: {why}. Name the Slack id of whoever asks, or nobody; then one more approval is needed.',
  'not-a-member': 'titanic takes commands only from full members of this workspace: {why}.',
  'shared-channel': 'This channel is shared with another organisation. Use an internal channel.',
  'groups-unreadable': 'Slack could not say who is in the group ({why}), so the answer is no. Try again in a minute.',
  'slow-down': 'Too many commands in a short time. Wait a minute and try again.',

  // refused: where it stands
  'staging-busy': 'staging is busy with {rollout} (by {by}): {doing}. Wait for it or cancel it.',
  'prod-busy': 'prod is being changed by {what}. Wait until that is over.',
  'nothing-open': 'No rollout is open. Start one with `/titanic deploy staging`.',
  'no-rollout': 'There is no rollout {rollout} that could be decided. Start one with `/titanic deploy staging`.',
  'several-rollouts': 'Several rollouts are open: {rollouts}. Name the one you mean.',
  'not-at-the-gate': '{rollout} cannot be decided yet: {doing}.',
  'not-waiting-for-smoke': '{rollout} does not wait for a decision about its smoke tests: {doing}.',
  'smoke-not-passed': '{rollout} has not passed its smoke tests: {doing}. It cannot be promoted.',
  'already-decided': '{rollout} was decided already: {what}, by {by}, {at}.',
  'already-ended': '{rollout} ended already: {what}.',
  'stopping-only':
    'The running change of {environment} is stopped as soon as SageMaker allows. There is nothing earlier to go back to.',
  'environment-held':
    '{environment} is held by {by}: {reason} ({until}). `/titanic unlock {environment} -- reason` releases it.',
  'prod-endpoint-failed':
    'The prod endpoint is Failed; AWS allows only its deletion. An approver can press Recreate prod.',
  'endpoint-not-failed': 'The prod endpoint is not Failed, so it is not recreated.',
  'nothing-to-go-back-to': 'There is nothing to go back to: {environment} has no earlier deployment that succeeded.',
  'already-going-back': '{environment} is already going back to version {version}, asked by {by}.',
  'nothing-to-snooze': 'prod is not about to go back by itself, so there is nothing to snooze.',
  'snoozed-already':
    'It was snoozed by {by} already, until {until}, and that is possible once. Roll back, or let it happen.',
  'already-back':
    '{environment} is already back at version {version}, by {by}. Further back: `/titanic rollback {environment} --to VERSION`.',
  'runs-another':
    '{environment} does not run {rollout}, but {runs}, so nothing was done. To leave what runs: `/titanic rollback {environment} -- reason`.',
  'not-a-rollback-target': 'Version {version} is no rollback target of {environment}. Possible: {targets}.',
  'not-held': '{environment} is neither locked nor held.',
  'no-endpoint': 'There is no deployed endpoint for {environment}. Deploy first.',
  'smoke-would-void':
    '{environment} is stopped while {rollout} waits for its approval. If it came back now, it would not count as what was tested any more. Decide about {rollout} first.',
  'endpoint-known': 'titanic knows the endpoint of {environment} already; there is nothing to adopt.',
  'endpoint-busy': '{environment} is being changed or tested: {what}. Wait for it.',
  'endpoint-not-ours':
    'The endpoint {endpoint} exists, but titanic did not make it and it lacks the tags. An approver can `/titanic adopt {environment} -- reason`.',
  'endpoint-unreadable': 'SageMaker could not be asked about {endpoint} ({why}), so nothing was started. Try again.',
  'reason-missing': 'Say why: put `-- reason` at the end.',
  'no-service': 'There is no service {service} in the configuration.',
  'record-broken':
    'The record of this service is broken at entry {seq} ({why}). Nothing is changed until an approver has looked at it and answers for it: `/titanic acknowledge-break -- reason`.',
  'record-whole': 'The record of this service is whole; there is nothing to acknowledge.',
  'record-newer': 'The record has an entry of a newer titanic (seq {seq}). This replica stays passive; update it.',
  'record-unreachable': 'The record could not be written ({why}), so nothing was done. Try again.',
  'record-unclear':
    'The record gave no clear answer ({why}), so nobody can say yet whether this is recorded. If it is, it will be carried out: look at `/titanic status` before you try again.',
  'entry-too-large':
    'This is too large for the record, so nothing was done: {bytes} bytes, where {most} can be stored. Say it in fewer words.',

  // refused: the model package
  'no-approved-package': 'The group {group} has no approved model package.',
  'package-not-found': 'There is no version {version} in the group {group}.',
  'package-of-other-group': '{package} is not of the group {group}.',
  'package-pending':
    'Version {version} is PendingManualApproval; an approver is asked already. Once it is approved, it is deployed by itself.',
  'package-rejected': 'Version {version} is Rejected in the Model Registry. Choose another version.',
  'package-not-completed':
    'Version {version} has status {status} in the Model Registry; only Completed packages are deployed.',
  'package-unversioned': '{package} is not a versioned package of a group; titanic deploys nothing else.',
  'package-unsupported': 'Version {version} has {containers} containers; titanic deploys packages with one.',
  'registry-unreadable': 'The Model Registry could not be read ({why}), so nothing was started. Try again.',

  // refused: what nobody asked for
  'not-new-to-staging':
    'Version {version} is not newer than all that was rolled out to staging before, so it is not rolled out by itself.',
  'tick-served': 'This time of the schedule led to a rollout already, so version {version} waits for the next one.',

  // model approvals
  'model-approval-asked':
    'Version {version} is PendingManualApproval, so an approver other than you decides on its card. Once it is approved, it is deployed by itself.',
  'model-approval-recorded': 'Your approval of version {version} is recorded, and the Model Registry is told.',
  'model-rejection-recorded': 'Your rejection of version {version} is recorded, and the Model Registry is told.',
  'too-many-approvals': '{open} model packages wait for an approver already. Decide some of them first.',
  'no-model-approval': 'Nobody asked for this. Name the version: `/titanic models` lists them.',
  'model-decided': 'Version {version} was decided already: {what}, by {by}, {at}.',
  'model-is-already': 'Version {version} is {status} in the Model Registry already.',
  'model-left-already': 'prod does not run the rejected version any more, so nothing was rolled back.',
  'requester-cannot-approve-model':
    'You asked for the deploy of this version, so another approver has to decide about it.',
  'model-approved': 'Version {version} is approved by {by}.',
  'model-approved-outside': 'Version {version} was approved outside of titanic.',
  'model-approved-not-started':
    'Version {version} is approved, but its deploy was not started: {why}. Deploy it again.',
  'model-rejected': 'Version {version} is rejected by {by}: {reason}.',
  'model-rejected-outside': 'Version {version} was rejected outside of titanic. Choose another version.',
  'model-approval-expired': 'Nobody decided about version {version} in time. Deploy it again to ask again.',
  'model-gone': 'Version {version} is not in the Model Registry any more.',
  'registry-refused': 'The Model Registry did not take the decision about version {version}: {words}. Decide again.',

  // clean-up
  'cleanup-proposed': 'The plan of {cleanup} deletes {count} things. On its card {who} can confirm it.',
  'cleanup-started': '{cleanup} deletes {count} things now.',
  'cleanup-discarded': '{cleanup} is discarded; nothing was deleted.',
  'cleanup-stopping': '{cleanup} stops after what it is doing now.',
  'nothing-to-clean': 'Of {target} there is nothing to delete; the plan says why each thing stays.',
  'cleanup-open': '{cleanup} is not over: {doing}. Confirm or discard it on its card, or wait for it.',
  'cleanup-busy': 'Nothing is deleted while something is under way: {what}. Wait for it, or end it.',
  'cleanup-unreadable': 'SageMaker could not be listed completely ({why}), so nothing is deleted. Try again.',
  'cleanup-changed':
    'What is there now is not what the plan showed, so nothing was deleted. Make a new plan: `/titanic cleanup`.',
  'cleanup-over': 'No clean-up {cleanup} waits or runs. See what there is: `/titanic cleanup`.',
  'cleanup-phrase-missing':
    'To delete what may be live, repeat the phrase that the plan prints: `titanic cleanup --target {target}` shows it, and --apply --confirm PHRASE carries it out.',
  'cleanup-in-the-way': '{cleanup} is deleting {target}. Wait until that is over, or stop it on its card.',
  'requester-cannot-confirm': 'You asked for this clean-up of what may be live, so another approver has to confirm it.',
  'removed-by-cleanup': '{environment} is deleted.',
  'cleaned-up': 'Everything that was planned is deleted ({count}).',
  'cleaned-up-partly': 'Deleted: {count}. Not deleted: {left} ({why}). Clean up again once that is mended.',
  'cleanup-failed': '{environment} could not be deleted: {why}. What is left stays as it is; clean up again.',
  'cleanup-stopped': 'Stopped by {by}: {left} things are left. Clean up again for the rest.',
  'cleanup-late': 'Not finished after {minutes} minutes: {left} things are left. Clean up again for the rest.',
  'cleanup-expired': 'Nobody confirmed it in time, so nothing was deleted.',

  // seal
  'seal-changed': 'What was sealed is not what is there now: {field} differs. The approval is void; deploy again.',
  'guardrail-missing':
    'The configuration demands that SageMaker guards each change of prod, and here it would not: {why}.',
  'seal-unreadable': 'The Model Registry cannot be read, so the seal cannot be compared: {why}.',
  'waits-for-approval-to-show':
    'Version {version} was approved a moment ago, and the Model Registry does not show it yet.',
  'package-no-longer-approved': 'Version {version} is {status} in the Model Registry by now. The rollout is void.',

  // waits
  'waits-for-sagemaker': 'SageMaker is still working: {doing}.',
  'waits-for-back-off': 'SageMaker asked to slow down; tried again shortly.',
  'waits-for-prod': 'prod is being changed by {what}; this waits until that is over.',
  'waits-for-lock': '{environment} is held by {by}: {reason} ({until}).',
  'waits-for-group': 'The approvers cannot be read ({why}); prod is not touched until they can.',
  'quorum-lost': 'Only {have} of {need} approvals are still by approvers.',
  'mandatory-lost': 'None of the approvals is by somebody who is in the mandatory group now.',
  'waits-for-people':
    '{rollout} is not over: {doing}. What is rolled out by itself takes nothing away from those who decide about it.',
  'waits-for-time': 'Approved for {at}; prod is not touched before.',
  'waits-for-freeze': 'prod is frozen by {owner}: {name}, {reason} (until {until}).',
  'waits-for-staging-look': 'staging is looked at once more before prod.',
  'waits-for-preparation': 'Its model and endpoint config cannot be made yet; tried again shortly: {why}',
  'alarms-unreadable': 'CloudWatch cannot be asked about the alarms that guard prod: {why}.',
  'alarm-missing':
    'The alarm {alarm}, which is to guard the change of prod, does not exist. Make it, or take it out of the configuration.',
  'alarm-on': 'prod is not changed while the alarm {alarm} is on: {why}',
  'alarm-without-data': 'The alarm {alarm} has no data yet, and the configuration says to wait for it.',
  'waits-for-endpoint-reading': 'SageMaker cannot be asked about {endpoint} right now: {why}.',

  // endings of deployments
  deployed: '{environment} runs version {version}.',
  removed: '{environment} is deleted, as configured: nothing on it passed its smoke tests.',
  'stopped-idle':
    '{environment} is stopped. What it ran is kept, and comes back by itself with the next deploy, smoke run or rollback there.',
  'not-stopped': '{environment} is not stopped: {why}.',
  'already-there': '{environment} already ran version {version}.',
  'rolled-back-silently': 'SageMaker went back to the old config: {words}',
  'endpoint-failed': 'SageMaker says the endpoint is Failed: {words}',
  'update-undone': 'SageMaker undid the update, as it was told to.',
  'rolled-back-by-alarm': 'SageMaker went back to the old config because of {alarms}: {words}',
  'update-rollback-failed': 'SageMaker could neither finish the update nor undo it: {words}',
  'quota-exceeded':
    'An AWS quota is in the way: {words} Ask for an increase in Service Quotas or use another instance type.',
  'capacity-missing': 'AWS has no capacity of that instance type now: {words} Try again later or use another type.',
  'access-denied': 'AWS refused it: {words} Compare the role with infra/.',
  'role-invalid': 'The execution role cannot be used: {words}',
  'image-missing': 'The image cannot be used: {words}',
  'model-data-missing': 'The model data cannot be loaded: {words}',
  'health-check-failed':
    'The container did not pass its health check: {words} See the CloudWatch logs of the endpoint.',
  'call-refused': 'SageMaker refused the call: {words}',
  'alarm-refused': 'CloudWatch refused the call about an alarm: {words} Compare the role and the quotas with infra/.',
  'alarm-gone': 'The alarm by which SageMaker would go back is gone: {words}',
  'too-many-refusals': 'SageMaker refused the call {times} times: {words}',
  'name-taken': '{name} exists already and is not what titanic would make: {field} differs.',
  'deadline-passed': 'Not finished after {minutes} minutes.',
  overdue: 'Finished only after the deadline of {minutes} minutes; such a deployment is never a success.',
  'no-trace': 'SageMaker accepted the call, but no trace of it is to be seen.',
  'changed-outside': 'Somebody else changed the endpoint: it runs {config}.',
  'wrong-chain': 'The endpoint does not lead to the sealed package: {field} differs.',
  aborted: 'Stopped: {why}.',
  'target-missing': 'The config {config} to go back to is gone.',

  // smoke
  'smoke-failed': 'The smoke tests failed: {findings}.',
  'smoke-inconclusive': 'The smoke tests gave no verdict: {why}.',
  'smoke-void': 'The endpoint changed or was not fully ours during the smoke run; it does not count.',
  'smoke-abandoned': 'The smoke run was given up: its process stopped.',

  // endings of rollouts, causes of rollbacks
  promoted: 'Version {version} went to prod and passed its check there.',
  'rejected-by': 'Rejected by {by}: {reason}.',
  'cancelled-by': 'Cancelled by {by}.',
  'given-up-by': 'Given up by {by} after smoke tests without a verdict.',
  'superseded-by': 'Superseded by {rollout}, asked by {by}.',
  'approval-expired': 'Nobody decided in time, or the approval ran out, at {at}.',
  'record-was-broken': 'The record was broken at entry {seq}; {by} answered for it, and what was open then is void.',
  'rolled-back-by': 'Rolled back by {by}: {reason}.',
  'staging-rolled-back': 'staging was rolled back by {by}.',
  'staging-changed': 'staging is not as it was when it was tested: {field} differs. Deploy again.',
  'prod-check-failed': 'The check of prod failed: {findings}.',
  'prod-check-inconclusive': 'The check of prod gave no verdict after {times} runs: {why}. prod stays, and is held.',
  'fleet-worse': 'The new fleet is worse than the old one: {findings}.',
  'approvals-void': 'prod was rolled back, so approvals given before are void.',
  manual: '{reason}',
} as const;

export type ReasonCode = keyof typeof REASONS;
export const REASON_CODES = Object.keys(REASONS) as ReasonCode[];

/** A code with what its sentence needs. Stored in the log, so values are strings or numbers only. */
export interface Reason {
  readonly code: ReasonCode;
  readonly params?: Readonly<Record<string, string | number>>;
}

/** `reason('quorum-lost', { have: 1, need: 2 })`. */
export function reason(code: ReasonCode, params?: Readonly<Record<string, string | number>>): Reason {
  return params === undefined ? { code } : { code, params };
}

/** The sentence with `{names}` unfilled: for documents and tests. */
export function template(code: ReasonCode): string {
  return REASONS[code];
}

/** Plain text; what came from outside is in it unescaped, so whoever shows it escapes it. A missing parameter shows as «?». */
export function sentence(r: Reason): string {
  return REASONS[r.code].replace(/\{(\w+)\}/g, (_, name: string) => String(r.params?.[name] ?? '?'));
}

/** The sentence without its full stop, to stand within another. */
export function clause(r: Reason): string {
  return sentence(r).replace(/\.$/, '');
}
