import type { Environment } from '../rollout/candidate.ts';
import type { Actor, CallOutcome, EndpointCall, Entry, Event, EventOf } from '../rollout/events.ts';
import type { RegistryOutcome } from '../rollout/model-events.ts';
import type { Reason } from '../rollout/reasons.ts';
import type { AwsCallSummary, RefusalSummary, RolloutSummary, SmokeRunSummary, Summary } from './document.ts';

/** An event with the entry that it stands in. */
export interface Told<T extends Event['type']> {
  readonly entry: Entry;
  readonly event: EventOf<T>;
}

export function told<T extends Event['type']>(entries: readonly Entry[], type: T): readonly Told<T>[] {
  return entries.flatMap((entry) => entry.events.flatMap((event) => (isOf(event, type) ? [{ entry, event }] : [])));
}

function isOf<T extends Event['type']>(event: Event, type: T): event is EventOf<T> {
  return event.type === type;
}

export function askedBy(actor: Actor): Summary['askedBy'] {
  return { kind: actor.kind, id: actor.kind === 'titanic' ? null : actor.id };
}

/** Codes and parameters, never sentences: a later release may word them differently. */
export function plainReason(reason: Reason): { code: string; params?: Record<string, string | number> } {
  return reason.params === undefined ? { code: reason.code } : { code: reason.code, params: { ...reason.params } };
}

/** Entries that started a deployment of this rollout, rollback or clean-up, by number. */
export function deploymentsOf(entries: readonly Entry[], owner: string): ReadonlyMap<number, Environment> {
  const own = told(entries, 'DeploymentStarted').filter(({ event }) => event.owner === owner);
  return new Map(own.map(({ entry, event }) => [entry.seq, event.environment]));
}

const OPERATIONS: Readonly<Record<EndpointCall['kind'], AwsCallSummary['operation']>> = {
  create: 'CreateEndpoint',
  update: 'UpdateEndpoint',
  delete: 'DeleteEndpoint',
};

/** Every call to AWS that was intended for it, with what became of it. */
export function awsCallsOf(entries: readonly Entry[], owner: string): AwsCallSummary[] {
  const deployments = deploymentsOf(entries, owner);
  const decided = told(entries, 'CallDecided');
  return told(entries, 'CallIntended').flatMap(({ entry, event }): AwsCallSummary[] => {
    if (!deployments.has(event.deployment)) return [];
    const { call, environment } = event;
    const outcome = decided.find((d) => d.event.intent === entry.seq)?.event.outcome ?? null;
    return [
      {
        intent: entry.seq,
        environment,
        operation: OPERATIONS[call.kind],
        endpointName: call.endpointName,
        configName: call.kind === 'delete' ? null : call.configName,
        intendedAt: entry.at,
        outcome: outcome?.kind ?? 'open',
        requestId: requestIdOf(outcome),
      },
    ];
  });
}

export function requestIdOf(outcome: CallOutcome | RegistryOutcome | null): string | null {
  return outcome !== null && 'requestId' in outcome ? outcome.requestId : null;
}

/** How something ended; null: it goes on. */
export function endOf(
  told: Told<'RolloutEnded'> | Told<'CleanupEnded'> | Told<'ModelApprovalEnded'> | undefined,
): RolloutSummary['ended'] {
  if (told === undefined) return null;
  const { outcome, by, reason } = told.event;
  return { at: told.entry.at, outcome, by, reason: plainReason(reason) };
}

/** Refused commands about it, and those that named no rollout while it went on. */
export function refusalsOf(entries: readonly Entry[], id: string): RefusalSummary[] {
  return told(entries, 'CommandRefused')
    .filter(({ event }) => event.rolloutId === id || event.rolloutId === null)
    .map(({ entry, event }) => ({
      seq: entry.seq,
      at: entry.at,
      by: event.by,
      verb: event.verb,
      reason: plainReason(event.reason),
    }));
}

export function smokeRunsOf(entries: readonly Entry[], rolloutId: string): SmokeRunSummary[] {
  const started = told(entries, 'SmokeStarted').filter(({ event }) => event.rolloutId === rolloutId);
  const finished = told(entries, 'SmokeFinished');
  const voided = told(entries, 'SmokeVoided');
  return started.map(({ entry, event }): SmokeRunSummary => {
    const end = finished.find((f) => f.event.claim === entry.seq);
    const off = voided.find((v) => v.event.claim === entry.seq);
    const result = end?.event.result ?? null;
    return {
      claim: entry.seq,
      environment: event.environment,
      purpose: event.purpose,
      configName: event.configName,
      startedAt: entry.at,
      finishedAt: end?.entry.at ?? off?.entry.at ?? null,
      verdict: result?.verdict ?? (off === undefined ? 'open' : 'void'),
      why: result?.why ?? off?.event.reason.code ?? null,
      numbers: result === null ? null : numbersOf(result.numbers),
      findings: (result?.findings ?? []).map(({ check, measured, threshold, ok }) => ({
        check,
        measured,
        threshold,
        ok,
      })),
      cases: (result?.cases ?? []).map(({ name, ok, why }) => ({ name, ok, why })),
    };
  });
}

type Numbers = NonNullable<SmokeRunSummary['numbers']>;

/** Exactly the published fields, whatever else a release records. */
function numbersOf(numbers: Numbers): Numbers {
  const { n, p50Ms, p95Ms, p99Ms, p95LowMs, p95HighMs, errorRate, latenessP99Ms } = numbers;
  return { n, p50Ms, p95Ms, p99Ms, p95LowMs, p95HighMs, errorRate, latenessP99Ms };
}
