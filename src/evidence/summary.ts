import { type Candidate, ENVIRONMENTS, type Environment } from '../rollout/candidate.ts';
import type { Entry } from '../rollout/events.ts';
import type { RollbackSummary, RolloutSummary, Summary } from './document.ts';
import { beginOf, follow, isOver } from './subject.ts';
import { ofCleanup } from './summary-cleanup.ts';
import { ofModelApproval } from './summary-model.ts';
import {
  askedBy,
  awsCallsOf,
  deploymentsOf,
  endOf,
  plainReason,
  refusalsOf,
  smokeRunsOf,
  type Told,
  told,
} from './summary-parts.ts';

/**
 * What the entries say about a rollout, a rollback, a clean-up or a model approval, and nothing else: computed at the export, and again by whoever
 * verifies the file. null: they do not begin one of this id.
 */
export function summarise(id: string, entries: readonly Entry[]): Summary | null {
  const over = isOver(entries.reduce(follow, beginOf(id)));
  const rollout = told(entries, 'RolloutStarted').find(({ event }) => event.rolloutId === id);
  if (rollout !== undefined) return ofRollout(id, rollout, entries, over);
  const rollback = told(entries, 'RollbackStarted').find(({ event }) => event.rollbackId === id);
  if (rollback !== undefined) return ofRollback(id, rollback, entries, over);
  const cleanup = told(entries, 'CleanupProposed').find(({ event }) => event.cleanupId === id);
  if (cleanup !== undefined) return ofCleanup(id, cleanup, entries, over);
  const approval = told(entries, 'ModelApprovalAsked').find(({ event }) => event.approvalId === id);
  return approval === undefined ? null : ofModelApproval(id, approval, entries, over);
}

function ofRollout(
  id: string,
  { entry, event }: Told<'RolloutStarted'>,
  entries: readonly Entry[],
  over: boolean,
): RolloutSummary {
  const smoke = smokeRunsOf(entries, id);
  const gate = told(entries, 'GateOpened').findLast((g) => g.event.rolloutId === id);
  const approved = told(entries, 'PromotionApproved').findLast((p) => p.event.rolloutId === id);
  const ended = told(entries, 'RolloutEnded').find((e) => e.event.rolloutId === id);
  return {
    kind: 'rollout',
    startedAt: entry.at,
    askedBy: askedBy(entry.actor),
    requester: event.requester,
    ...(event.githubUser === undefined ? {} : { githubUser: event.githubUser }),
    note: event.note,
    seal: sealOf(event.candidate),
    environments: {
      staging: deployedIn('staging', id, event.candidate, entries),
      prod: deployedIn('prod', id, event.candidate, entries),
    },
    smoke,
    gate: gate === undefined ? null : { openedAt: gate.entry.at, expiresAt: gate.event.expiresAt },
    quorum: gate?.event.quorum ?? event.quorum,
    approvals: approvalsOf(id, entries),
    notBefore: told(entries, 'PromotionScheduled').findLast((p) => p.event.rolloutId === id)?.event.at ?? null,
    glass: glassOf(id, entries),
    approvedAt: approved?.entry.at ?? null,
    approvers: [...(approved?.event.by ?? [])],
    prodBaseline: smoke.find((run) => run.purpose === 'check' && run.numbers !== null)?.numbers ?? null,
    awsCalls: awsCallsOf(entries, id),
    created: createdOf(id, entries),
    refusals: refusalsOf(entries, id),
    modelApproval: approvalThatEndedIn(entry),
    rollbacks: rollbacksWith(id, entries),
    over,
    ended: endOf(ended),
  };
}

function sealOf(candidate: Candidate): RolloutSummary['seal'] {
  const { packageArn, version, image, imageDigest, modelDataUrl, modelDataEtag, inferenceSpecDigest } = candidate;
  const { staging, prod } = candidate.planDigests;
  return {
    packageArn,
    version,
    image,
    imageDigest,
    modelDataUrl,
    modelDataEtag,
    inferenceSpecDigest,
    planDigests: { staging, prod },
  };
}

/** An approval is void when approvals were voided after it was given. */
function approvalsOf(id: string, entries: readonly Entry[]): RolloutSummary['approvals'] {
  const lastVoid = told(entries, 'ApprovalsVoided').findLast((v) => v.event.rolloutId === id)?.entry.seq ?? 0;
  const withdrawn = told(entries, 'ApprovalWithdrawn').filter(({ event }) => event.rolloutId === id);
  return told(entries, 'ApprovalGiven')
    .filter(({ event }) => event.rolloutId === id)
    .map(({ entry, event }) => ({
      by: event.by,
      at: entry.at,
      voided: entry.seq <= lastVoid,
      withdrawnAt: withdrawn.find((w) => w.event.by === event.by && w.entry.seq > entry.seq)?.entry.at ?? null,
      mandatory: event.mandatory ?? false,
    }));
}

function glassOf(id: string, entries: readonly Entry[]): RolloutSummary['glass'] {
  const broken = told(entries, 'GlassBroken').findLast(({ event }) => event.rolloutId === id);
  if (broken === undefined) return null;
  const { by, reason, over } = broken.event;
  const review = told(entries, 'GlassReviewed').findLast(({ event }) => event.rolloutId === id);
  const signed = review === undefined ? null : { by: review.event.by, at: review.entry.at, note: review.event.note };
  return { by, at: broken.entry.at, reason, over: [...over], review: signed };
}

function deployedIn(
  environment: Environment,
  id: string,
  candidate: Candidate,
  entries: readonly Entry[],
): RolloutSummary['environments'][Environment] {
  const started = told(entries, 'DeploymentStarted').find(
    ({ event }) => event.owner === id && event.kind === 'rollout' && event.environment === environment,
  );
  const running = told(entries, 'DeploymentSucceeded').find(({ event }) => event.deployment === started?.entry.seq);
  return {
    endpointName: candidate.plans[environment].endpointName,
    endpointArn: running?.event.endpointArn ?? null,
    configName: started?.event.target.configName ?? null,
    modelName: started?.event.target.modelName ?? null,
    startedAt: started?.entry.at ?? null,
    runningAt: running?.entry.at ?? null,
    images: [...(running?.event.images ?? [])],
  };
}

function createdOf(id: string, entries: readonly Entry[]): RolloutSummary['created'] {
  const deployments = deploymentsOf(entries, id);
  return told(entries, 'DeploymentPrepared').flatMap(({ event }) => {
    const environment = ENVIRONMENTS.find((name) => name === deployments.get(event.deployment));
    if (environment === undefined) return [];
    return event.created.map(({ what, arn, requestId }) => ({ environment, what, arn, requestId }));
  });
}

/** A deploy of a pending package goes on in the entry that ends the question about it. */
function approvalThatEndedIn({ events }: Entry): string | null {
  const ended = events.find((event) => event.type === 'ModelApprovalEnded');
  return ended === undefined ? null : ended.approvalId;
}

function rollbacksWith(id: string, entries: readonly Entry[]): string[] {
  const ending = entries.filter((e) => e.events.some((v) => v.type === 'RolloutEnded' && v.rolloutId === id));
  return told(ending, 'RollbackStarted').map(({ event }) => event.rollbackId);
}

function ofRollback(
  id: string,
  { entry, event }: Told<'RollbackStarted'>,
  entries: readonly Entry[],
  over: boolean,
): RollbackSummary {
  const deployments = deploymentsOf(entries, id);
  const awsCalls = awsCallsOf(entries, id);
  const running = told(entries, 'DeploymentSucceeded').find((s) => deployments.has(s.event.deployment));
  const ended = told(entries, 'RollbackEnded').find((e) => e.event.rollbackId === id);
  const { configName, modelName, packageArn, version, rolloutId } = event.target;
  return {
    kind: 'rollback',
    startedAt: entry.at,
    askedBy: askedBy(entry.actor),
    environment: event.environment,
    cause: event.cause,
    by: event.by,
    reason: event.reason,
    leaving: event.leaving,
    target: { configName, modelName, packageArn, version, rolloutId },
    endpointName: awsCalls[0]?.endpointName ?? null,
    endpointArn: running?.event.endpointArn ?? null,
    awsCalls,
    refusals: refusalsOf(entries, id),
    over,
    ended:
      ended === undefined
        ? null
        : { at: ended.entry.at, reached: ended.event.reached, reason: plainReason(ended.event.reason) },
  };
}
