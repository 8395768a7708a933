import type { Event, EventOf } from '../../src/rollout/events.ts';
import { factsOf } from './facts.ts';
import { COMPARED } from './guards.ts';
import { AT, LATER, smokeResult, target } from './parts.ts';
import { sample } from './sentences.ts';

const rolloutId = 'survival-42';
const rollbackId = 'survival-70';
const approvalId = 'survival-55';
const cleanupId = 'survival-80';
const by = 'U0ALICE';
const staging = { environment: 'staging', deployment: 43 } as const;
const prod = { environment: 'prod', deployment: 51 } as const;

const rollback: EventOf<'RollbackStarted'> = {
  type: 'RollbackStarted',
  rollbackId,
  environment: 'prod',
  cause: 'asked',
  target: target(6),
  leaving: null,
  by,
  reason: 'wrong answers',
  recreate: false,
};
const held: EventOf<'HoldPlaced'> = {
  type: 'HoldPlaced',
  environment: 'prod',
  kind: 'lock',
  by,
  reason: 'audit',
  until: LATER,
};
const removal: EventOf<'DeploymentStarted'> = {
  type: 'DeploymentStarted',
  environment: 'staging',
  kind: 'removal',
  owner: cleanupId,
  target: target(7),
  deadlineAt: LATER,
};
const asked: EventOf<'ModelApprovalAsked'> = {
  type: 'ModelApprovalAsked',
  approvalId,
  packageArn: 'arn',
  version: 7,
  facts: factsOf(7, '0.84'),
  beside: null,
  requester: 'U0OPERATOR',
  note: null,
  deploys: true,
  expiresAt: LATER,
};

/** What each kind of event adds to the thread of its card; none: it adds nothing. */
export const EVENTS: { readonly [T in Event['type']]: readonly EventOf<T>[] } = {
  RolloutStarted: [],
  IdleStopDecided: [
    {
      type: 'IdleStopDecided',
      environment: 'staging',
      deployment: 40,
      usedAt: AT,
      afterHours: 2,
      capacity: { kind: 'instances', instanceType: 'ml.m5.large', instanceCount: 1 },
    },
    {
      type: 'IdleStopDecided',
      environment: 'staging',
      deployment: 40,
      usedAt: AT,
      afterHours: 0.5,
      capacity: null,
    },
  ],
  AutoStageWaits: [
    {
      type: 'AutoStageWaits',
      packageArn: 'arn',
      version: 8,
      trigger: { kind: 'package' },
      reason: sample('waits-for-people'),
    },
  ],
  AutoStageDropped: [{ type: 'AutoStageDropped', version: 8 }],
  EndpointAdopted: [
    {
      type: 'EndpointAdopted',
      environment: 'prod',
      endpointName: 'titanic-survival-prod',
      arn: 'arn',
      target: target(5),
      reason: { code: 'manual', params: { reason: 'it is ours' } },
    },
  ],
  DeploymentStarted: [
    { ...removal, kind: 'rollout', owner: rolloutId },
    { ...removal, kind: 'rollback', owner: rollbackId, environment: 'prod', target: target(6) },
    removal,
  ],
  DeploymentPrepared: [],
  CallIntended: [],
  CallDecided: [
    {
      type: 'CallDecided',
      environment: 'staging',
      intent: 45,
      outcome: { kind: 'refused', requestId: null, reason: sample('quota-exceeded'), retryable: false },
    },
  ],
  AlarmsSeen: [
    {
      type: 'AlarmsSeen',
      ...prod,
      alarms: [
        { name: 'titanic-survival-prod-v7-r42-errors', state: 'ALARM', why: '2 of 2 datapoints were above 1 %' },
        { name: 'titanic-survival-prod-v7-r42-latency', state: 'OK', why: null },
      ],
    },
  ],
  FleetServing: [{ type: 'FleetServing', ...prod, until: LATER }],
  FleetsCompared: [
    { type: 'FleetsCompared', ...prod, ...COMPARED, verdict: 'worse' },
    { type: 'FleetsCompared', ...prod, ...COMPARED, verdict: 'inconclusive', findings: [] },
    { type: 'FleetsCompared', ...prod, verdict: 'inconclusive', findings: [], fleets: null, why: 'Rate exceeded' },
  ],
  AutoRollbackScheduled: [{ type: 'AutoRollbackScheduled', ...prod, dueAt: LATER, reason: sample('fleet-worse') }],
  AutoRollbackSnoozed: [
    { type: 'AutoRollbackSnoozed', ...prod, by: 'U0ALICE', reason: 'a partner is testing', dueAt: LATER },
  ],
  KillSwitchIntended: [],
  KillSwitchDecided: [
    { type: 'KillSwitchDecided', environment: 'prod', intent: 53, outcome: { kind: 'accepted', requestId: null } },
    {
      type: 'KillSwitchDecided',
      environment: 'prod',
      intent: 53,
      outcome: { kind: 'refused', requestId: null, reason: sample('access-denied'), retryable: true },
    },
  ],
  ProgressSeen: [],
  DeploymentAbortMarked: [{ type: 'DeploymentAbortMarked', ...staging, why: sample('cancelled-by') }],
  DeploymentOverdue: [{ type: 'DeploymentOverdue', ...staging, minutes: 60 }],
  DeploymentSucceeded: [
    { type: 'DeploymentSucceeded', ...prod, endpointArn: 'arn', images: [], reason: sample('deployed') },
  ],
  DeploymentFailed: [{ type: 'DeploymentFailed', ...staging, reason: sample('health-check-failed'), seen: null }],
  SmokeStarted: [],
  SmokeFinished: [
    {
      type: 'SmokeFinished',
      environment: 'staging',
      claim: 48,
      before: null,
      after: null,
      result: smokeResult(),
    },
    {
      type: 'SmokeFinished',
      environment: 'staging',
      claim: 48,
      before: null,
      after: null,
      result: smokeResult({ verdict: 'inconclusive', why: 'the generator was late' }),
    },
  ],
  SmokeVoided: [{ type: 'SmokeVoided', environment: 'staging', claim: 48, reason: sample('smoke-void') }],
  SmokeRepeatAsked: [],
  GateOpened: [{ type: 'GateOpened', rolloutId, expiresAt: LATER }],
  GateReminded: [{ type: 'GateReminded', rolloutId, nth: 1, most: 3, have: 1, need: 2 }],
  ModelReminded: [{ type: 'ModelReminded', approvalId, version: 7, nth: 2, most: 3 }],
  ApprovalGiven: [{ type: 'ApprovalGiven', rolloutId, by, have: 1, need: 2 }],
  ApprovalWithdrawn: [{ type: 'ApprovalWithdrawn', rolloutId, by, have: 0, need: 2 }],
  PromotionScheduled: [{ type: 'PromotionScheduled', rolloutId, at: LATER, by }],
  GlassBroken: [
    { type: 'GlassBroken', rolloutId, by, reason: 'passengers wait', holds: [], over: ['1 of 2 approvals'] },
  ],
  GlassReviewed: [{ type: 'GlassReviewed', rolloutId, by: 'U0ADAM', note: 'it was needed' }],
  PromotionApproved: [{ type: 'PromotionApproved', rolloutId, by: [by, 'U0ADAM'] }],
  ApprovalsVoided: [{ type: 'ApprovalsVoided', rolloutId, reason: sample('approvals-void') }],
  WaitNoted: [],
  RolloutHeld: [{ type: 'RolloutHeld', rolloutId, reason: sample('smoke-inconclusive') }],
  RolloutEnded: [{ type: 'RolloutEnded', rolloutId, outcome: 'promoted', reason: sample('promoted'), by: null }],
  RollbackStarted: [rollback, { ...rollback, by: null, cause: 'check-failed', reason: 'p95 412 ms, at most 300 ms' }],
  RollbackEnded: [
    { type: 'RollbackEnded', rollbackId, environment: 'prod', reached: false, reason: sample('target-missing') },
  ],
  HoldPlaced: [held, { ...held, kind: 'check', by: null, reason: 'the check of prod failed', until: null }],
  HoldReleased: [{ type: 'HoldReleased', environment: 'prod', holds: [60], by, reason: 'the audit is over' }],
  CommandRefused: [],
  RefusalsCounted: [],
  BreakAcknowledged: [
    {
      type: 'BreakAcknowledged',
      breaks: [{ seq: 118, hash: 'h', why: 'an entry is missing' }],
      by,
      reason: 'compared with the backup',
    },
  ],
  ModelApprovalAsked: [asked],
  ModelDecided: [
    { type: 'ModelDecided', approvalId, by, approve: true, reason: null },
    { type: 'ModelDecided', approvalId, by, approve: false, reason: 'too few passengers' },
  ],
  RegistryCallIntended: [],
  RegistryCallDecided: [
    {
      type: 'RegistryCallDecided',
      approvalId,
      intent: 57,
      outcome: { kind: 'refused', requestId: null, reason: sample('registry-refused'), retryable: false },
    },
  ],
  ModelApprovalEnded: [
    { type: 'ModelApprovalEnded', approvalId, outcome: 'approved', reason: sample('model-approved'), by },
  ],
  ModelRejectionSeen: [{ type: 'ModelRejectionSeen', approvalId, packageArn: 'arn', version: 7, by: null }],
  CleanupProposed: [
    {
      type: 'CleanupProposed',
      cleanupId,
      target: 'staging',
      digest: 'd',
      deletions: [],
      kept: [],
      keptMore: 0,
      by: 'U0OPERATOR',
      expiresAt: LATER,
    },
  ],
  CleanupConfirmed: [{ type: 'CleanupConfirmed', cleanupId, by, removes: [], forgets: [], deadlineAt: LATER }],
  CleanupRoundIntended: [],
  CleanupRoundDone: [
    {
      type: 'CleanupRoundDone',
      cleanupId,
      round: 82,
      results: [{ of: 'model', name: 'titanic-survival-staging-v5-30', outcome: { kind: 'gone', requestId: null } }],
      notBefore: AT,
    },
  ],
  CleanupStopAsked: [{ type: 'CleanupStopAsked', cleanupId, by }],
  CleanupEnded: [{ type: 'CleanupEnded', cleanupId, outcome: 'done', reason: sample('cleaned-up'), by: null }],
};
