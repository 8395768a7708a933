import type { EventOf } from '../../src/rollout/events.ts';
import type { ArrivedCall } from './endpoint-truth.ts';
import type { Facts } from './facts.ts';
import { rejectedBefore, standsForTwo } from './invariants-models.ts';
import type { RecordIndex, Said } from './record-index.ts';

/** An observation is good for 25 s, and the append of the intent flies for up to 60 s: later it had to be known. */
const UNKNOWABLE_MS = 95_000;
/** The call itself leaves up to 25 s after the append was begun, and flies for up to 60 s as well. */
const CALL_UNKNOWABLE_MS = UNKNOWABLE_MS + 85_000;
/** Expiries are told by wall clocks up to a minute off, and those drift. */
const CLOCKS_DIFFER_MS = 180_000;

/**
 * No change of prod without an earlier, unexpired approval by enough other people for exactly that seal, or a rollback
 * to a config that succeeded there. `said` is the intent behind the call that SageMaker just took.
 */
export function checkProdChange(facts: Facts, index: RecordIndex, said: Said<'CallIntended'>, call: ArrivedCall): void {
  if (call.call.kind === 'delete') {
    checkProdDelete(facts, call);
    return;
  }
  const deployment = index.find('DeploymentStarted', said.event.deployment);
  if (deployment === undefined) {
    facts.violations.add('prod-without-deployment', where(call));
    return;
  }
  if (deployment.event.target.configName !== call.call.configName) {
    facts.violations.add('prod-got-another-config', `${where(call)}: meant ${deployment.event.target.configName}`);
  }
  if (deployment.event.kind === 'rollout') checkRollout(facts, index, said, deployment, call);
  else checkRollback(facts, index, said, deployment, call);
}

function checkProdDelete(facts: Facts, call: ArrivedCall): void {
  const endpoint = facts.sagemaker.endpoint(call.call.endpointName);
  if (call.before?.status === 'Failed' || facts.nowMs() - endpoint.lastForeignMs() < CALL_UNKNOWABLE_MS) return;
  facts.violations.add('deleted-live-prod', `${where(call)} while ${call.before?.status}`);
}

function checkRollout(
  facts: Facts,
  index: RecordIndex,
  said: Said<'CallIntended'>,
  deployment: Said<'DeploymentStarted'>,
  call: ArrivedCall,
): void {
  const { violations } = facts;
  const id = deployment.event.owner;
  const started = index.all('RolloutStarted').find((r) => r.event.rolloutId === id);
  if (started === undefined) {
    violations.add('prod-without-rollout', `${where(call)} for ${id}`);
    return;
  }
  checkCandidate(facts, index, started, said, call);
  const glass = brokenGlass(facts, index, id, said);
  const planned = index.all('PromotionScheduled').findLast((p) => p.event.rolloutId === id && p.seq < said.seq);
  const early = planned !== undefined && Date.parse(planned.event.at) - CLOCKS_DIFFER_MS > facts.wallMs();
  if (glass === null && early && !voidedSince(index, planned.seq, said.seq)) {
    violations.add('prod-before-its-time', `${where(call)} for ${id}: ${planned.event.at}`);
  }
  const have = countedApprovals(facts, index, started, said);
  // One more has to approve where nobody knows who must not, and where one person decided about the model and asked.
  const nobody = askerOf(facts, index, started) === null;
  const need = facts.quorum + (nobody || standsForTwo(index, started) ? 1 : 0);
  if (have < need && glass === null) {
    violations.add('prod-without-approval', `${where(call)} for ${id}: ${have} of ${need} approvals count`);
  }
  for (const hold of openHolds(index, said.seq)) {
    // What stood when the glass was broken is past; what was placed afterwards is not.
    if (glass !== null && hold.seq < glass.seq) continue;
    if (hold.event.until !== null && Date.parse(hold.event.until) - facts.wallMs() < CLOCKS_DIFFER_MS) continue;
    violations.add('prod-changed-while-held', `${where(call)} for ${id}, held by entry ${hold.seq}`);
  }
  checkTested(facts, index, id, said, call);
}

/** An approver who may do it alone really did, in time, for this rollout, and prod was not rolled back since. */
function brokenGlass(
  facts: Facts,
  index: RecordIndex,
  id: string,
  said: Said<'CallIntended'>,
): Said<'GlassBroken'> | null {
  const glass = index.all('GlassBroken').findLast((g) => g.event.rolloutId === id && g.seq < said.seq);
  const gate = index.all('GateOpened').find((g) => g.event.rolloutId === id && g.seq < said.seq);
  if (glass === undefined || gate === undefined || !facts.breakGlass || voidedSince(index, glass.seq, said.seq))
    return null;
  const { by } = glass.event;
  if (!facts.people.brokeGlass(glass.commandKey, by, index.service)) return null;
  if (!facts.slack.wasMember('approvers', by, glass.atMs - UNKNOWABLE_MS, glass.atMs)) return null;
  if (!facts.slack.wasMember('approvers', by, said.atMs - UNKNOWABLE_MS, said.atMs)) return null;
  const expiresMs = gate.atMs + facts.approvalExpiresAfterHours * 3_600_000 + CLOCKS_DIFFER_MS;
  return glass.atMs <= expiresMs ? glass : null;
}

/** A rollback of prod asks for everything again. */
function voidedSince(index: RecordIndex, seq: number, beforeSeq: number): boolean {
  const voided = lastBefore(index.all('RollbackStarted'), beforeSeq, (e) => e.environment === 'prod')?.seq ?? 0;
  return voided > seq;
}

/** Who really asked for it; a deploy that waited for a decision about its model was asked for before. */
function askerOf(facts: Facts, index: RecordIndex, started: Said<'RolloutStarted'>): string | null {
  if (started.commandKey !== null) return facts.people.asker(started.commandKey);
  const question = index.find('ModelApprovalEnded', started.seq)?.event.approvalId;
  const asked = index.all('ModelApprovalAsked').find((a) => a.event.approvalId === question);
  return facts.people.asker(asked?.commandKey ?? null);
}

/** The config leads to the sealed package, and that is still what it was when it was sealed. */
function checkCandidate(
  facts: Facts,
  index: RecordIndex,
  started: Said<'RolloutStarted'>,
  said: Said<'CallIntended'>,
  call: ArrivedCall,
): void {
  if (call.call.kind === 'delete') return;
  const { candidate } = started.event;
  const made = facts.sagemaker.configs.get(call.call.configName);
  if (made?.packageArn !== candidate.packageArn) {
    facts.violations.add(
      'prod-got-another-package',
      `${where(call)}: ${made?.packageArn} instead of ${candidate.packageArn}`,
    );
  }
  const rejected = rejectedBefore(facts, index, candidate.packageArn, said.seq);
  if (rejected !== null) {
    facts.violations.add('prod-got-what-was-rejected', `${where(call)}: entry ${rejected.seq} by ${rejected.event.by}`);
  }
  const changes = facts.registry.changesOf(candidate.packageArn);
  const sealedAs = changes.findLast((c) => c.atMs < started.atMs);
  const since = changes.filter((c) => c.atMs >= started.atMs - UNKNOWABLE_MS && c.atMs <= said.atMs);
  const knownBad = since.filter((c) => c.atMs >= started.atMs && c.atMs < said.atMs - UNKNOWABLE_MS);
  const latest = changes.findLast((c) => c.atMs <= said.atMs - UNKNOWABLE_MS);
  if (knownBad.length === 0 || latest === undefined || sealedAs === undefined) return;
  if (since.some((c) => c.atMs < started.atMs || c.atMs > said.atMs - UNKNOWABLE_MS)) return;
  if (JSON.stringify(latest.seen) !== JSON.stringify(sealedAs.seen)) {
    facts.violations.add('prod-got-what-was-not-sealed', `${where(call)}: the package changed since`);
  }
}

/** People who really pressed, might approve then and may now, asked for it not themselves, and pressed in time. */
function countedApprovals(
  facts: Facts,
  index: RecordIndex,
  started: Said<'RolloutStarted'>,
  said: Said<'CallIntended'>,
): number {
  const id = started.event.rolloutId;
  const asker = askerOf(facts, index, started);
  const voidedAt = lastBefore(index.all('RollbackStarted'), said.seq, (e) => e.environment === 'prod')?.seq ?? 0;
  const gates = index.all('GateOpened').filter((g) => g.event.rolloutId === id && g.seq < said.seq);
  const gate = gates[0];
  if (gate === undefined) return 0;
  const expiresMs = gate.atMs + facts.approvalExpiresAfterHours * 3_600_000 + CLOCKS_DIFFER_MS;
  if (said.atMs > expiresMs) return 0;
  const people = new Set<string>();
  for (const given of index.all('ApprovalGiven')) {
    const { by, rolloutId } = given.event;
    if (rolloutId !== id || given.seq > said.seq || given.seq < voidedAt || given.atMs > expiresMs) continue;
    if (by === asker) continue;
    if (facts.people.withdrew(by, id, given.atMs, said.atMs - UNKNOWABLE_MS)) continue;
    if (!facts.people.reallyPressed(given.commandKey, by, index.service)) {
      facts.violations.add('approval-nobody-gave', `entry ${given.seq} of ${index.service} by ${by}`);
      continue;
    }
    if (!facts.slack.wasMember('approvers', by, given.atMs - UNKNOWABLE_MS, given.atMs)) continue;
    if (!facts.slack.wasMember('approvers', by, said.atMs - UNKNOWABLE_MS, said.atMs)) continue;
    people.add(by);
  }
  return people.size;
}

function checkTested(
  facts: Facts,
  index: RecordIndex,
  id: string,
  said: Said<'CallIntended'>,
  call: ArrivedCall,
): void {
  const claims = index.all('SmokeStarted').filter((s) => s.event.rolloutId === id && s.event.purpose === 'gate');
  const finished = lastBefore(index.all('SmokeFinished'), said.seq, (e) => claims.some((c) => c.seq === e.claim));
  const claim = claims.find((c) => c.seq === finished?.event.claim);
  if (finished === undefined || claim === undefined) {
    facts.violations.add('prod-untested', `${where(call)} for ${id}`);
    return;
  }
  const measured = facts.measurements.get(finished.event.result.histogram);
  const other = measured?.probes.find((p) => p.config !== claim.event.configName);
  if (measured === undefined || other !== undefined || finished.event.result.verdict !== 'passed') {
    const what = other?.config ?? finished.event.result.verdict;
    facts.violations.add('prod-got-what-was-not-measured', `${where(call)} for ${id}: measured ${what}`);
  }
}

function checkRollback(
  facts: Facts,
  index: RecordIndex,
  said: Said<'CallIntended'>,
  deployment: Said<'DeploymentStarted'>,
  call: ArrivedCall,
): void {
  const { configName } = deployment.event.target;
  const environment = deployment.event.environment;
  const succeeded = index
    .all('DeploymentSucceeded')
    .some(
      (s) =>
        s.seq < said.seq && index.find('DeploymentStarted', s.event.deployment)?.event.target.configName === configName,
    );
  const adopted = index
    .all('EndpointAdopted')
    .some((a) => a.event.target.configName === configName && a.seq < said.seq);
  if (!succeeded && !adopted) {
    facts.violations.add('rolled-back-to-what-never-succeeded', `${where(call)}: ${configName}`);
  }
  const ran = facts.sagemaker
    .endpoint(call.call.endpointName)
    .history.some((t) => t.seen?.status === 'InService' && t.seen.configName === configName && t.atMs < call.atMs);
  if (!ran) facts.violations.add('rolled-back-to-what-never-ran', `${where(call)}: ${configName}`);
  const asked = index.all('RollbackStarted').find((r) => r.event.rollbackId === deployment.event.owner);
  if (asked === undefined || asked.event.target.configName !== configName || asked.event.environment !== environment) {
    facts.violations.add('rollback-nobody-asked-for', `${where(call)}: ${deployment.event.owner}`);
  } else if (asked.event.cause === 'asked' && !facts.people.asked(asked.commandKey, index.service)) {
    facts.violations.add('rollback-nobody-asked-for', `${where(call)}: entry ${asked.seq}`);
  }
}

function openHolds(index: RecordIndex, beforeSeq: number): readonly Said<'HoldPlaced'>[] {
  return index
    .all('HoldPlaced')
    .filter((h) => h.event.environment === 'prod' && h.seq < beforeSeq)
    .filter((h) => !index.all('HoldReleased').some((r) => r.seq < beforeSeq && r.event.holds.includes(h.seq)));
}

function lastBefore<T extends 'RollbackStarted' | 'SmokeFinished'>(
  said: readonly Said<T>[],
  seq: number,
  matches: (event: EventOf<T>) => boolean,
): Said<T> | undefined {
  return said.findLast((s) => s.seq < seq && matches(s.event));
}

export function where(call: ArrivedCall): string {
  return `${call.call.kind} of ${call.call.endpointName} (#${call.intent} by ${call.by})`;
}
