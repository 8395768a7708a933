import type { Entry } from '../rollout/events.ts';
import type { ModelFacts } from '../rollout/model-facts.ts';
import type { ModelApprovalSummary } from './document.ts';
import { askedBy, endOf, refusalsOf, requestIdOf, type Told, told } from './summary-parts.ts';

/** What the entries say about the question to approvers about a model package. */
export function ofModelApproval(
  id: string,
  { entry, event }: Told<'ModelApprovalAsked'>,
  entries: readonly Entry[],
  over: boolean,
): ModelApprovalSummary {
  const decided = told(entries, 'ModelDecided').find((d) => d.event.approvalId === id);
  const ended = told(entries, 'ModelApprovalEnded').find((e) => e.event.approvalId === id);
  return {
    kind: 'model-approval',
    startedAt: entry.at,
    askedBy: askedBy(entry.actor),
    requester: event.requester,
    note: event.note,
    deploys: event.deploys,
    packageArn: event.packageArn,
    version: event.version,
    facts: factsOf(event.facts),
    beside: event.beside === null ? null : factsOf(event.beside),
    expiresAt: event.expiresAt,
    decision:
      decided === undefined
        ? null
        : {
            at: decided.entry.at,
            by: decided.event.by,
            approve: decided.event.approve,
            reason: decided.event.reason,
          },
    registryCalls: registryCallsOf(id, entries),
    rollout: ended === undefined ? null : rolloutBegunIn(ended.entry),
    rejectedInProd: told(entries, 'ModelRejectionSeen').some((r) => r.event.approvalId === id),
    refusals: refusalsOf(entries, id),
    over,
    ended: endOf(ended),
  };
}

/** Exactly the published fields, whatever else a release records. */
function factsOf(facts: ModelFacts): ModelApprovalSummary['facts'] {
  const { version, description, createdBy, createdAt, commit, repository, image, imageDigest, modelData } = facts;
  const metrics = { ...facts.metrics };
  return {
    version,
    description,
    createdBy,
    createdAt,
    commit,
    repository,
    image,
    imageDigest,
    modelData,
    metrics,
  };
}

function registryCallsOf(id: string, entries: readonly Entry[]): ModelApprovalSummary['registryCalls'] {
  const answered = told(entries, 'RegistryCallDecided').filter(({ event }) => event.approvalId === id);
  const intended = told(entries, 'RegistryCallIntended').filter(({ event }) => event.approvalId === id);
  return intended.map(({ entry, event }) => {
    const outcome = answered.find((a) => a.event.intent === entry.seq)?.event.outcome ?? null;
    return {
      intent: entry.seq,
      operation: 'UpdateModelPackage',
      packageArn: event.packageArn,
      status: event.status,
      intendedAt: entry.at,
      outcome: outcome?.kind ?? 'open',
      requestId: requestIdOf(outcome),
    };
  });
}

/** The deploy that waited for the approval goes on in the very entry that ends it. */
function rolloutBegunIn({ events }: Entry): string | null {
  const begun = events.find((event) => event.type === 'RolloutStarted');
  return begun === undefined ? null : begun.rolloutId;
}
