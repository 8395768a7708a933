import type { EventOf } from '../../src/rollout/events.ts';
import type { IdleStop } from '../../src/rollout/input.ts';
import type { ArrivedCall } from './endpoint-truth.ts';
import type { Facts } from './facts.ts';
import type { Recorded, RecordIndex } from './record-index.ts';
import type { Use } from './sim-use.ts';

/** Wall clocks are up to a minute off, so the window that was counted may begin that much later. */
const CLOCKS_DIFFER_MS = 120_000;
/** A count is good for 25 s, its append flies for up to 60 s, and what is used meanwhile nobody can know. */
const UNKNOWABLE_MS = 180_000;

/** Stops of staging that nobody uses. */
export interface IdleChecks {
  /** SageMaker took a call. */
  accepted(call: ArrivedCall): void;
}

export function createIdleChecks(
  facts: Facts,
  use: Use,
  idleStop: IdleStop | undefined,
  indexOf: (service: string) => RecordIndex,
): IdleChecks {
  const { violations } = facts;
  return {
    accepted(call) {
      if (call.call.kind !== 'delete') return;
      const index = indexOf(call.service);
      const intended = index.find('CallIntended', call.intent);
      const started = intended === undefined ? undefined : index.find('DeploymentStarted', intended.event.deployment);
      if (started?.event.kind !== 'stop') return;
      const what = `${call.call.endpointName} (#${call.intent} by ${call.by})`;
      const decided = index.find('IdleStopDecided', started.seq);
      if (decided === undefined || idleStop === undefined || call.environment !== 'staging')
        return violations.add('stopped-without-a-decision', what);
      for (const id of needing(index, call.intent)) violations.add('stopped-though-needed', `${what}: ${id}`);
      if (lastEndMs(index, started.seq) + idleStop.afterMs > Date.parse(atOf(index, started.seq)))
        violations.add('stopped-too-soon', what);
      const used = use.between(
        call.call.endpointName,
        decided.atMs - idleStop.afterMs + CLOCKS_DIFFER_MS,
        decided.atMs - UNKNOWABLE_MS,
      );
      if (used > 0) violations.add('stopped-though-used', `${what}: ${used} requests`);
    },
  };
}

/** What came back so that it is measured is measured: the entry that says that it is there begins that. */
export function checkReturn(
  { violations }: Facts,
  index: RecordIndex,
  { entry }: Recorded,
  { rollbackId, reached }: EventOf<'RollbackEnded'>,
): void {
  const asked = index.all('RollbackStarted').find((r) => r.event.rollbackId === rollbackId)?.event.cause;
  if (!reached || asked !== 'smoke-asked' || entry.events.some((e) => e.type === 'SmokeStarted')) return;
  violations.add('back-but-not-measured', `${index.service} entry ${entry.seq}: ${rollbackId}`);
}

/** Rollouts that were not over when the deletion was intended, and whose open gate had not said that it may be. */
function needing(index: RecordIndex, before: number): readonly string[] {
  const ended = new Set(said(index.all('RolloutEnded'), before).map((e) => e.event.rolloutId));
  return said(index.all('RolloutStarted'), before).flatMap(({ event: { rolloutId } }) => {
    if (ended.has(rolloutId)) return [];
    const gate = said(index.all('GateOpened'), before).findLast((g) => g.event.rolloutId === rolloutId);
    const approved = said(index.all('PromotionApproved'), before).findLast((a) => a.event.rolloutId === rolloutId);
    const voided = said(index.all('ApprovalsVoided'), before).findLast((v) => v.event.rolloutId === rolloutId);
    const open = gate !== undefined && (approved === undefined || (voided !== undefined && voided.seq > approved.seq));
    return open && gate.event.idleStopHours !== undefined ? [] : [rolloutId];
  });
}

function said<T extends { readonly seq: number }>(all: readonly T[], before: number): readonly T[] {
  return all.filter(({ seq }) => seq < before);
}

/** By the wall clocks of those who wrote it down, as the rule has it. */
function lastEndMs(index: RecordIndex, before: number): number {
  const ends = (['DeploymentSucceeded', 'DeploymentFailed', 'SmokeFinished', 'SmokeVoided', 'RollbackEnded'] as const)
    .flatMap((type) => index.all(type))
    .filter(({ seq, event }) => seq < before && event.environment === 'staging');
  return Math.max(0, ...ends.map(({ seq }) => Date.parse(atOf(index, seq))));
}

function atOf(index: RecordIndex, seq: number): string {
  return index.entries[seq - 1]?.entry.at ?? '';
}
