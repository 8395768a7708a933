import type { EventOf } from '../../src/rollout/events.ts';
import type { Facts } from './facts.ts';
import type { Recorded, RecordIndex, Said } from './record-index.ts';
import type { DecisionWatch } from './sim-decisions.ts';
import type { PackageChange, RegistryIntent, StatusCall } from './sim-registry.ts';

/** A look at the registry is up to 5 s old and good for 25 s, and the append that follows flies for up to 60 s. */
const LOOKS_LAG_MS = 100_000;
/** What the registry took shows in every look after this. */
const SHOWN_WITHIN_MS = 5_000;

/** Nothing is written to the Model Registry but what somebody who may decided, once, by an intent of the record. */
export function createModelChecks(facts: Facts, indexOf: (service: string) => RecordIndex): DecisionWatch {
  const { violations } = facts;
  const sent = new Set<string>();
  return {
    departs(intent, by) {
      const key = nameOf(intent);
      if (sent.has(key)) violations.add('intent-sent-twice', `${key} (registry) by ${by}`);
      sent.add(key);
    },
    lands(call) {
      const index = indexOf(call.service);
      const said = index.find('RegistryCallIntended', call.intent);
      if (said === undefined || said.event.packageArn !== call.packageArn || said.event.status !== call.status) {
        return violations.add('registry-call-without-intent', whatOf(call));
      }
      const { approvalId } = said.event;
      const told = index.all('RegistryCallDecided').find((d) => d.event.intent === call.intent);
      if (told !== undefined && told.event.outcome.kind !== 'landed') {
        violations.add('registry-call-after-its-outcome', `${whatOf(call)}, recorded as ${told.event.outcome.kind}`);
      }
      const over = index.all('ModelApprovalEnded').find((e) => e.event.approvalId === approvalId);
      if (over !== undefined) violations.add('registry-call-after-the-end', `${whatOf(call)}: ${over.event.outcome}`);
      checkDecider(facts, index, call, said);
    },
    staged(packageArn, stage) {
      const service = packageArn.split('/').at(-2)?.replace('titanic-', '') ?? '';
      const environment = stage === 'retired' ? 'prod' : stage;
      const index = indexOf(service);
      const adopted = index
        .all('EndpointAdopted')
        .some(({ event }) => event.environment === environment && event.target.packageArn === packageArn);
      const ran = index.all('DeploymentSucceeded').some((s) => {
        const started = index.find('DeploymentStarted', s.event.deployment);
        return started?.event.environment === environment && started.event.target.packageArn === packageArn;
      });
      if (!ran && !adopted) violations.add('stage-of-what-never-ran', `${packageArn} ${stage}`);
    },
  };
}

/** Somebody who might decide then pressed it, and for an approval it was nobody who asked for this package. */
function checkDecider(facts: Facts, index: RecordIndex, call: StatusCall, said: Said<'RegistryCallIntended'>): void {
  const decided = index
    .all('ModelDecided')
    .find((d) => d.event.approvalId === said.event.approvalId && d.seq < said.seq);
  const approve = call.status === 'Approved';
  if (decided === undefined || decided.event.approve !== approve) {
    facts.violations.add('registry-told-what-nobody-decided', whatOf(call));
    return;
  }
  const { by } = decided.event;
  const verb = approve ? 'approve-model' : 'reject-model';
  const pressed = facts.people.pressed(decided.commandKey);
  if (pressed?.person !== by || pressed.verb !== verb || pressed.service !== index.service) {
    facts.violations.add('model-decision-nobody-gave', `${whatOf(call)}: entry ${decided.seq} by ${by}`);
  } else if (!facts.slack.wasMember('approvers', by, pressed.atMs, decided.atMs)) {
    facts.violations.add('model-decided-by-a-stranger', `${whatOf(call)}: ${by}`);
  }
  const asked = index.all('ModelApprovalAsked').filter((a) => a.event.packageArn === call.packageArn);
  if (approve && asked.some((a) => a.event.requester === by && a.seq < decided.seq)) {
    facts.violations.add('requester-approved-the-model', `${whatOf(call)}: ${by}`);
  }
}

/** A question is decided once, while it is open. */
export function checkDecidedOnce(
  facts: Facts,
  index: RecordIndex,
  { entry }: Recorded,
  { approvalId }: EventOf<'ModelDecided'>,
): void {
  const before = index.all('ModelDecided').filter((d) => d.event.approvalId === approvalId && d.seq < entry.seq);
  const over = index.all('ModelApprovalEnded').filter((e) => e.event.approvalId === approvalId);
  if (before.length + over.length === 0) return;
  facts.violations.add('model-decided-twice', `${index.service} entry ${entry.seq}: ${approvalId}`);
}

/** What the record says of a question must be so in the registry's own journal. */
export function checkQuestionEnded(
  facts: Facts,
  index: RecordIndex,
  { entry }: Recorded,
  event: EventOf<'ModelApprovalEnded'>,
): void {
  const asked = index.all('ModelApprovalAsked').find((a) => a.event.approvalId === event.approvalId);
  const what = `${index.service} entry ${entry.seq}: ${event.approvalId} ${event.outcome}`;
  if (asked === undefined) {
    facts.violations.add('question-nobody-asked', what);
    return;
  }
  const { packageArn } = asked.event;
  const decided = index.all('ModelDecided').find((d) => d.event.approvalId === event.approvalId)?.event;
  const changes = facts.registry.changesOf(packageArn);
  const wrong = (name: string) => facts.violations.add(name, `${what}; ${changes.map(told).join(', ')}`);
  switch (event.outcome) {
    case 'approved':
    case 'rejected': {
      const approve = event.outcome === 'approved';
      if (decided?.approve !== approve || decided.by !== event.by) wrong('ended-by-nobody');
      const done = !approve && changes.some((c) => c.by !== null && isOf(index, c.by, event.approvalId));
      if (!done && !wasLately(facts, changes, approve ? 'Approved' : 'Rejected')) wrong('question-ended-otherwise');
      return;
    }
    case 'approved-outside':
      if (decided !== undefined) wrong('told-as-outside-but-decided-here');
      if (!outside(changes, 'Approved')) wrong('nobody-outside-decided');
      return;
    case 'rejected-outside':
      if (decided?.approve === false) wrong('told-as-outside-but-decided-here');
      if (!outside(changes, 'Rejected')) wrong('nobody-outside-decided');
      return;
    case 'failed':
      checkFailed(facts, event, decided, changes, wrong);
      return;
    case 'expired':
      if (decided !== undefined) wrong('expired-though-decided');
      return;
    default: {
      const never: never = event.outcome;
      throw new Error(`Unknown outcome ${String(never)}`);
    }
  }
}

/** That the registry took it and shows something else is said only when it does. */
function checkFailed(
  facts: Facts,
  event: EventOf<'ModelApprovalEnded'>,
  decided: EventOf<'ModelDecided'> | undefined,
  changes: readonly PackageChange[],
  wrong: (name: string) => void,
): void {
  if (!String(event.reason.params?.words).startsWith('it took the call') || decided === undefined) return;
  const wanted = decided.approve ? 'Approved' : 'Rejected';
  const since = facts.nowMs() - LOOKS_LAG_MS - SHOWN_WITHIN_MS;
  const other = changes.some((c, i) => (changes[i + 1]?.atMs ?? Infinity) >= since && c.seen.approval !== wanted);
  if (!other) wrong('failed-though-it-was-done');
}

/** It was so at some moment that the look behind this entry can have been of. */
function wasLately(facts: Facts, changes: readonly PackageChange[], status: string): boolean {
  const since = facts.nowMs() - LOOKS_LAG_MS;
  return changes.some((c, i) => c.seen.approval === status && (changes[i + 1]?.atMs ?? Infinity) >= since);
}

/** What titanic did stays done, whatever somebody makes of it afterwards. */
function isOf(index: RecordIndex, { intent }: RegistryIntent, approvalId: string): boolean {
  return index.find('RegistryCallIntended', intent)?.event.approvalId === approvalId;
}

function outside(changes: readonly PackageChange[], status: string): boolean {
  return changes.some((c) => c.by === null && c.seen.approval === status);
}

/**
 * What was rejected through titanic goes nowhere, whatever a look at the registry still shows: `null`, or which entry
 * said so. Somebody may have approved it again outside.
 */
export function rejectedBefore(
  facts: Facts,
  index: RecordIndex,
  packageArn: string,
  seq: number,
): Said<'ModelDecided'> | null {
  const questions = new Set(
    index
      .all('ModelApprovalAsked')
      .filter((a) => a.event.packageArn === packageArn)
      .map((a) => a.event.approvalId),
  );
  const last = index.all('ModelDecided').findLast((d) => questions.has(d.event.approvalId) && d.seq < seq);
  if (last === undefined || last.event.approve) return null;
  const ended = index.all('ModelApprovalEnded').find((e) => e.event.approvalId === last.event.approvalId);
  if (ended !== undefined && ended.event.outcome !== 'rejected' && ended.seq < seq) return null;
  const again = facts.registry
    .changesOf(packageArn)
    .some((c) => c.by === null && c.seen.approval === 'Approved' && c.atMs > last.atMs);
  return again ? null : last;
}

/** Nobody asked for the rollout by name, or whoever did has approved its model: then one approval more is needed. */
export function standsForTwo(index: RecordIndex, started: Said<'RolloutStarted'>): boolean {
  const { requester, candidate } = started.event;
  if (requester === null) return true;
  // Whoever rejected it later took the approval away; what came to nothing did not.
  const ended = index
    .all('ModelApprovalEnded')
    .filter((e) => e.seq < started.seq && e.event.outcome !== 'failed' && e.event.outcome !== 'expired');
  const about = (approvalId: string) =>
    index.all('ModelApprovalAsked').find((a) => a.event.approvalId === approvalId)?.event.packageArn;
  const last = ended.findLast((e) => about(e.event.approvalId) === candidate.packageArn)?.event;
  return last?.outcome === 'approved' && last.by === requester;
}

function nameOf({ service, intent }: RegistryIntent): string {
  return `${service}#${intent}`;
}

function whatOf(call: StatusCall): string {
  return `${call.status} of ${call.packageArn} (${nameOf(call)} by ${call.by})`;
}

function told({ atMs, seen, by }: PackageChange): string {
  return `${seen.approval} at ${Math.round(atMs)} by ${by === null ? 'somebody' : nameOf(by)}`;
}
