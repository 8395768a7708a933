import type { EventOf } from '../../src/rollout/events.ts';
import type { Reminders } from '../../src/rollout/input.ts';
import type { Facts } from './facts.ts';
import type { Recorded, RecordIndex, Said } from './record-index.ts';

/** An observation good for 25 s, an append in flight for up to 60 s, a look at the registry of before. */
const RECORD_LAGS_MS = 100_000;

/** Checked with every entry that is stored: what titanic does or says by itself, it does as its configuration says. */
export function checkPolicy(facts: Facts, index: RecordIndex, recorded: Recorded): void {
  for (const event of recorded.entry.events) {
    if (event.type === 'RolloutStarted' && event.automatic !== undefined) checkStaged(facts, index, recorded, event);
    if (event.type === 'AutoStageWaits') checkSaidOnce(facts, index, recorded, event.version);
    if (event.type === 'GateReminded') checkGateReminder(facts, index, recorded, event.rolloutId);
    if (event.type === 'ModelReminded') checkModelReminder(facts, index, recorded, event.approvalId);
  }
}

function checkGateReminder(facts: Facts, index: RecordIndex, recorded: Recorded, rolloutId: string): void {
  const { seq } = recorded.entry;
  const of = <S extends { readonly seq: number; readonly event: { readonly rolloutId: string } }>(said: readonly S[]) =>
    said.filter((s) => s.event.rolloutId === rolloutId && s.seq < seq);
  const opened = of(index.all('GateOpened')).at(-1);
  const approved = of(index.all('PromotionApproved')).at(-1);
  const voided = of(index.all('ApprovalsVoided')).at(-1);
  const ended = of(index.all('RolloutEnded')).length > 0;
  const decided = ended || (approved !== undefined && (voided === undefined || voided.seq < approved.seq));
  if (opened === undefined || decided) {
    facts.violations.add('reminded-of-what-is-decided', `${index.service}#${seq}: ${rolloutId}`);
    return;
  }
  checkPace(facts, index, recorded, opened, of(index.all('GateReminded')));
}

function checkModelReminder(facts: Facts, index: RecordIndex, recorded: Recorded, approvalId: string): void {
  const { seq } = recorded.entry;
  const of = <S extends { readonly seq: number; readonly event: { readonly approvalId: string } }>(
    said: readonly S[],
  ) => said.filter((s) => s.event.approvalId === approvalId && s.seq < seq);
  const asked = of(index.all('ModelApprovalAsked')).at(-1);
  const decided = of(index.all('ModelDecided')).length + of(index.all('ModelApprovalEnded')).length > 0;
  if (asked === undefined || decided) {
    facts.violations.add('reminded-of-what-is-decided', `${index.service}#${seq}: ${approvalId}`);
    return;
  }
  checkPace(facts, index, recorded, asked, of(index.all('ModelReminded')));
}

/** Never more than configured, each wait twice as long as the one before, and in working hours only. */
function checkPace(
  facts: Facts,
  index: RecordIndex,
  { entry }: Recorded,
  asked: { readonly seq: number },
  before: readonly { readonly seq: number }[],
): void {
  const where = `${index.service}#${entry.seq}`;
  const { reminders } = facts;
  if (reminders === undefined) {
    facts.violations.add('reminded-though-nobody-wants-it', where);
    return;
  }
  if (before.length >= reminders.most) facts.violations.add('reminded-too-often', where);
  const last = atOf(index, before.at(-1)?.seq ?? asked.seq);
  const nowMs = Date.parse(entry.at);
  if (nowMs < last + reminders.afterMs * 2 ** before.length) facts.violations.add('reminded-too-soon', where);
  if (!isOpen(reminders, nowMs)) facts.violations.add('reminded-out-of-hours', where);
}

function isOpen({ within }: Reminders, nowMs: number): boolean {
  return within === undefined || within(nowMs) === nowMs;
}

/** As the entry says, by the clock of whoever wrote it: what others decide on. */
function atOf(index: RecordIndex, seq: number): number {
  return Date.parse(index.entries.find(({ entry }) => entry.seq === seq)?.entry.at ?? '');
}

/** What nobody asked for is of something new, once for what started it, and in nobody's way. */
function checkStaged(facts: Facts, index: RecordIndex, { entry }: Recorded, event: EventOf<'RolloutStarted'>): void {
  const add = (name: string) => facts.violations.add(name, `${index.service}#${entry.seq}: ${event.rolloutId}`);
  const { automatic, candidate } = event;
  const before = index.all('RolloutStarted').filter((r) => r.seq < entry.seq);
  if (entry.actor.kind !== 'titanic') add('somebody-stages-by-itself');
  if (before.some((r) => r.event.candidate.version >= candidate.version)) add('staged-again-by-itself');
  const earlier = facts.registry.at(candidate.packageArn, facts.nowMs() - RECORD_LAGS_MS);
  if (
    earlier !== null &&
    earlier.approval !== 'Approved' &&
    facts.registry.byArn(candidate.packageArn)?.approval !== 'Approved'
  )
    add('staged-without-approval');
  const sameTick = (r: Said<'RolloutStarted'>) =>
    automatic?.kind === 'schedule' && r.event.automatic?.kind === 'schedule' && r.event.automatic.at === automatic.at;
  if (before.some(sameTick)) add('two-rollouts-for-one-tick');
  if (entry.events.some((e) => e.type === 'RolloutEnded')) add('superseded-by-itself');
  const released = new Set(index.all('HoldReleased').flatMap((h) => (h.seq < entry.seq ? h.event.holds : [])));
  const locked = index
    .all('HoldPlaced')
    .filter((h) => h.event.environment === 'staging' && h.seq < entry.seq && !released.has(h.seq));
  if (locked.some((h) => h.event.until === null || h.event.until > entry.at)) add('staged-into-a-lock');
}

/** However often it is looked at. */
function checkSaidOnce(facts: Facts, index: RecordIndex, { entry }: Recorded, version: number): void {
  const dropped = index.all('AutoStageDropped').findLast((d) => d.seq < entry.seq)?.seq ?? 0;
  const said = index.all('AutoStageWaits').filter((w) => w.seq > dropped && w.seq < entry.seq);
  if (said.some((w) => w.event.version === version))
    facts.violations.add('said-again', `${index.service}#${entry.seq}`);
}
