import type { Reminders } from '../../src/rollout/input.ts';
import type { Facts } from './facts.ts';
import type { Recorded, RecordIndex } from './record-index.ts';

/** Checked with every entry that is stored: what titanic does or says by itself, it does as its configuration says. */
export function checkPolicy(facts: Facts, index: RecordIndex, recorded: Recorded): void {
  for (const event of recorded.entry.events) {
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
