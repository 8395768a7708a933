import { describe, expect, test } from 'vitest';
import type { Event } from '../../../src/rollout/events.ts';
import { evolve } from '../../../src/rollout/evolve.ts';
import { modelFacts } from '../../../src/rollout/model-facts.ts';
import { reason } from '../../../src/rollout/reasons.ts';
import { freshState } from '../../../src/rollout/snapshot.ts';
import { initialState, STACK_KEPT, STATE_SHAPE } from '../../../src/rollout/state.ts';
import { removing } from '../../support/cleanup-rounds.ts';
import {
  approver,
  candidate,
  operator,
  packageSeen,
  requester,
  secondApprover,
  smokeResult,
} from '../../support/rollout-facts.ts';
import {
  approveModel,
  cancel,
  cleanup,
  confirmCleanup,
  deployPending,
  lock,
  rollback,
  unlock,
} from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';
import { storeOf } from '../../support/told-engine.ts';

const why = reason('manual', { reason: 'a test' });
const target = story().target('staging', 1, 'survival-1');
const look = { configName: 'c', lastModified: 'm', status: 'InService', pendingConfigName: null };

/** One event of each type, about things that may or may not be there. */
const EVENTS: { readonly [T in Event['type']]: Extract<Event, { type: T }> } = {
  RolloutStarted: {
    type: 'RolloutStarted',
    rolloutId: 'survival-1',
    candidate: candidate(1),
    requester: null,
    note: null,
    quorum: 1,
    approvalExpiresAfterHours: 24,
  },
  IdleStopDecided: {
    type: 'IdleStopDecided',
    environment: 'staging',
    deployment: 1,
    usedAt: '2026-03-02T09:00:00.000Z',
    afterHours: 2,
    capacity: null,
  },
  AutoStageWaits: {
    type: 'AutoStageWaits',
    packageArn: candidate(9).packageArn,
    version: 9,
    trigger: { kind: 'package' },
    reason: why,
  },
  AutoStageDropped: { type: 'AutoStageDropped', version: 9 },
  GateReminded: { type: 'GateReminded', rolloutId: 'survival-1', nth: 1, most: 3, have: 0, need: 1 },
  ModelReminded: { type: 'ModelReminded', approvalId: 'survival-1', version: 1, nth: 1, most: 3 },
  ApprovalWithdrawn: { type: 'ApprovalWithdrawn', rolloutId: 'survival-1', by: 'U0ANNA', have: 0, need: 1 },
  PromotionScheduled: {
    type: 'PromotionScheduled',
    rolloutId: 'survival-1',
    at: '2026-03-02T10:00:00.000Z',
    by: 'U0ANNA',
  },
  GlassBroken: {
    type: 'GlassBroken',
    rolloutId: 'survival-1',
    by: 'U0ANNA',
    reason: 'passengers wait',
    holds: [3],
    over: ['0 of 1 approvals'],
  },
  GlassReviewed: { type: 'GlassReviewed', rolloutId: 'survival-1', by: 'U0ABEL', note: 'it was needed' },
  BreakAcknowledged: {
    type: 'BreakAcknowledged',
    breaks: [{ seq: 2, hash: 'sha256:x', why: 'an entry is missing' }],
    by: 'U0ANNA',
    reason: 'looked at',
  },
  EndpointAdopted: { type: 'EndpointAdopted', environment: 'prod', endpointName: 'e', arn: 'a', target, reason: why },
  DeploymentStarted: {
    type: 'DeploymentStarted',
    environment: 'staging',
    kind: 'rollout',
    owner: 'survival-1',
    target,
    deadlineAt: '2026-03-02T10:00:00.000Z',
  },
  DeploymentPrepared: { type: 'DeploymentPrepared', environment: 'staging', deployment: 1, created: [], adopted: [] },
  CallIntended: {
    type: 'CallIntended',
    environment: 'staging',
    deployment: 1,
    call: { kind: 'delete', endpointName: 'e' },
    baseline: { present: false },
  },
  CallDecided: {
    type: 'CallDecided',
    environment: 'staging',
    intent: 3,
    outcome: { kind: 'accepted', requestId: null },
  },
  AlarmsSeen: { type: 'AlarmsSeen', environment: 'staging', deployment: 1, alarms: [] },
  FleetServing: { type: 'FleetServing', environment: 'staging', deployment: 1, until: '2026-03-02T10:00:00.000Z' },
  FleetsCompared: {
    type: 'FleetsCompared',
    environment: 'staging',
    deployment: 1,
    verdict: 'inconclusive',
    findings: [],
    fleets: null,
    why: 'not readable',
  },
  AutoRollbackScheduled: {
    type: 'AutoRollbackScheduled',
    environment: 'staging',
    deployment: 1,
    dueAt: '2026-03-02T10:00:00.000Z',
    reason: { code: 'fleet-worse' },
  },
  AutoRollbackSnoozed: {
    type: 'AutoRollbackSnoozed',
    environment: 'staging',
    deployment: 1,
    by: 'U0ALICE',
    reason: 'known',
    dueAt: '2026-03-02T10:00:00.000Z',
  },
  KillSwitchIntended: { type: 'KillSwitchIntended', environment: 'staging', deployment: 1, alarm: 'c-kill-switch' },
  KillSwitchDecided: {
    type: 'KillSwitchDecided',
    environment: 'staging',
    intent: 3,
    outcome: { kind: 'accepted', requestId: null },
  },
  ProgressSeen: { type: 'ProgressSeen', environment: 'staging', deployment: 1, words: 'w' },
  DeploymentAbortMarked: { type: 'DeploymentAbortMarked', environment: 'staging', deployment: 1, why },
  DeploymentOverdue: { type: 'DeploymentOverdue', environment: 'staging', deployment: 1, minutes: 60 },
  DeploymentSucceeded: {
    type: 'DeploymentSucceeded',
    environment: 'staging',
    deployment: 1,
    endpointArn: 'a',
    images: [],
    reason: why,
  },
  DeploymentFailed: { type: 'DeploymentFailed', environment: 'staging', deployment: 1, reason: why, seen: null },
  SmokeStarted: {
    type: 'SmokeStarted',
    environment: 'staging',
    purpose: 'gate',
    rolloutId: 'survival-1',
    configName: 'c',
    lastModified: 'm',
    longestMs: 1,
  },
  SmokeFinished: {
    type: 'SmokeFinished',
    environment: 'staging',
    claim: 6,
    before: look,
    after: look,
    result: smokeResult('passed'),
  },
  SmokeVoided: { type: 'SmokeVoided', environment: 'staging', claim: 6, reason: why },
  SmokeRepeatAsked: { type: 'SmokeRepeatAsked', rolloutId: 'survival-1' },
  GateOpened: { type: 'GateOpened', rolloutId: 'survival-1', expiresAt: '2026-03-03T10:00:00.000Z' },
  ApprovalGiven: { type: 'ApprovalGiven', rolloutId: 'survival-1', by: 'U0ANNA', have: 1, need: 1 },
  PromotionApproved: { type: 'PromotionApproved', rolloutId: 'survival-1', by: ['U0ANNA'] },
  ApprovalsVoided: { type: 'ApprovalsVoided', rolloutId: 'survival-1', reason: why },
  WaitNoted: { type: 'WaitNoted', rolloutId: 'survival-1', reason: why },
  RolloutHeld: { type: 'RolloutHeld', rolloutId: 'survival-1', reason: why },
  RolloutEnded: { type: 'RolloutEnded', rolloutId: 'survival-1', outcome: 'failed', reason: why, by: null },
  RollbackStarted: {
    type: 'RollbackStarted',
    rollbackId: 'survival-2',
    environment: 'prod',
    cause: 'asked',
    target,
    leaving: null,
    by: null,
    reason: null,
    recreate: false,
  },
  RollbackEnded: { type: 'RollbackEnded', rollbackId: 'survival-2', environment: 'prod', reached: true, reason: why },
  HoldPlaced: { type: 'HoldPlaced', environment: 'prod', kind: 'lock', by: null, reason: 'r', until: null },
  HoldReleased: { type: 'HoldReleased', environment: 'prod', holds: [1], by: 'U0ANNA', reason: 'r' },
  CommandRefused: { type: 'CommandRefused', verb: 'promote', rolloutId: null, by: 'U0SAM', reason: why },
  RefusalsCounted: { type: 'RefusalsCounted', by: 'U0SAM', count: 7 },
  ModelApprovalAsked: {
    type: 'ModelApprovalAsked',
    approvalId: 'survival-3',
    packageArn: candidate(1).packageArn,
    version: 1,
    facts: modelFacts(packageSeen(1)),
    beside: null,
    requester: null,
    note: null,
    deploys: true,
    expiresAt: '2026-03-02T10:00:00.000Z',
  },
  ModelDecided: { type: 'ModelDecided', approvalId: 'survival-3', by: 'U0ANNA', approve: true, reason: null },
  RegistryCallIntended: {
    type: 'RegistryCallIntended',
    approvalId: 'survival-3',
    packageArn: candidate(1).packageArn,
    status: 'Approved',
  },
  RegistryCallDecided: {
    type: 'RegistryCallDecided',
    approvalId: 'survival-3',
    intent: 31,
    outcome: { kind: 'accepted', requestId: null },
  },
  ModelApprovalEnded: {
    type: 'ModelApprovalEnded',
    approvalId: 'survival-3',
    outcome: 'approved',
    reason: why,
    by: 'U0ANNA',
  },
  ModelRejectionSeen: {
    type: 'ModelRejectionSeen',
    approvalId: 'survival-3',
    packageArn: candidate(1).packageArn,
    version: 1,
    by: null,
  },
  CleanupProposed: {
    type: 'CleanupProposed',
    cleanupId: 'survival-3',
    target: 'all',
    digest: 'd',
    deletions: [{ kind: 'model', name: 'm', arn: 'a', environment: null }],
    kept: [],
    keptMore: 0,
    by: 'U0ANNA',
    expiresAt: '2026-03-02T10:00:00.000Z',
  },
  CleanupConfirmed: {
    type: 'CleanupConfirmed',
    cleanupId: 'survival-3',
    by: 'U0ABEL',
    removes: ['prod'],
    forgets: ['staging'],
    deadlineAt: '2026-03-02T10:00:00.000Z',
  },
  CleanupRoundIntended: {
    type: 'CleanupRoundIntended',
    cleanupId: 'survival-3',
    deletions: [{ kind: 'model', name: 'm', arn: 'a', environment: null }],
  },
  CleanupRoundDone: { type: 'CleanupRoundDone', cleanupId: 'survival-3', round: 31, results: [], notBefore: null },
  CleanupStopAsked: { type: 'CleanupStopAsked', cleanupId: 'survival-3', by: 'U0ANNA' },
  CleanupEnded: { type: 'CleanupEnded', cleanupId: 'survival-3', outcome: 'done', reason: why, by: null },
};

const third = story().promotes(1).promotes(2).begins(3);
const STATES: Readonly<Record<string, Story>> = {
  'an empty log': story(),
  'a deployment under way': third.sends('staging'),
  'an open call': third.intends('staging'),
  'a smoke run': third.to('testing').measures('staging', 'gate'),
  'a run on hold': third.to('held'),
  'an open gate': third.to('gate'),
  'an approved rollout': third.to('approved'),
  'a change of prod': third.to('prod').sends('prod'),
  'a rollback under way': third.tells(approver, rollback()).goesBack('prod').intends('prod'),
  'a question about a package': story().promotes(1).tells(operator, deployPending(2)).tells(approver, approveModel()),
  'a clean-up under way': removing(
    story().promotes(1).tells(approver, cleanup('all')).tells(secondApprover, confirmCleanup()),
  ),
  'a lock': third.tells(operator, lock('prod')),
};

describe('evolve', () => {
  test.each(Object.keys(STATES))('folds every event ever written, on %s, without judging it', (name) => {
    const told = STATES[name] ?? story();
    for (const event of Object.values(EVENTS)) {
      const { state } = told.records([event]);
      expect([event.type, state.seq, state.service]).toEqual([event.type, told.state.seq + 1, 'survival']);
      // Plain JSON, or a snapshot could not say it.
      expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    }
  });

  test('folds events in any order', () => {
    const all = Object.values(EVENTS);
    for (let turn = 0; turn < all.length; turn += 1) {
      const turned = [...all.slice(turn), ...all.slice(0, turn)];
      const told = turned.reduce((t, event) => t.records([event]), story());
      expect(told.state.seq).toBe(all.length);
    }
  });

  test('gives the same state for the same entries, and touches neither', () => {
    const told = STATES['a change of prod'] ?? story();
    const folded = told.entries.reduce(evolve, initialState('survival'));
    // Stories freeze their states and entries, so a fold that changed its input would have thrown.
    expect(folded).toEqual(told.state);
  });

  test('says that an event of a type unknown to it is one', () => {
    const [entry] = third.entries;
    if (entry === undefined) throw new Error('no entry');
    const strange = JSON.parse(JSON.stringify({ ...entry, events: [{ type: 'Strange' }] }));
    expect(() => evolve(initialState('survival'), strange)).toThrow('unknown type');
  });

  test.each(Object.keys(STATES))('equals a snapshot and the entries after it, on %s', async (name) => {
    const told = STATES[name] ?? story();
    for (const at of [1, Math.floor(told.entries.length / 2), told.entries.length - 3]) {
      const head = told.entries.slice(0, at).reduce(evolve, initialState('survival'));
      if (head.seq < 1) continue;
      const store = storeOf(told);
      await store.saveSnapshot('survival', {
        seq: head.seq,
        hash: head.hash,
        shape: STATE_SHAPE,
        state: JSON.stringify(head),
      });
      const state = await freshState('survival', store);
      if (state === null) throw new Error('thrown away');
      expect(told.entries.slice(at).reduce(evolve, state)).toEqual(told.state);
    }
  });

  test('keeps what it lists within its bounds', () => {
    let told = story();
    for (let version = 1; version <= STACK_KEPT + 3; version += 1) told = told.promotes(version);
    expect(told.versions('prod')).toHaveLength(STACK_KEPT);
    expect(told.versions('prod').at(-1)).toBe(STACK_KEPT + 3);
    expect(told.state.ended).toHaveLength(20);
  });

  test('remembers the keys of commands for an hour', () => {
    const first = story().tells(operator, lock('prod'), 'k1');
    expect(first.state.commandKeys).toMatchObject([{ key: 'k1', reason: { code: 'lock-placed' } }]);
    const later = first.later(3_700_000).tells(operator, unlock('prod'), 'k2');
    expect(later.state.commandKeys.map((k) => k.key)).toEqual(['k2']);
  });

  test('lets what an approver released be gone back from again', () => {
    const back = third.tells(approver, rollback()).goesBack('prod').reaches('prod');
    expect(back.state.environments.prod.returned).not.toBeNull();
    expect(back.tells(operator, unlock('prod')).state.environments.prod.returned).toBeNull();
  });

  test('keeps the abort that came first', () => {
    const stopped = third
      .sends('staging')
      .tells(requester, cancel())
      .tells(operator, rollback('staging', { to: 1 }));
    expect(stopped.deployment('staging').abort?.code).toBe('cancelled-by');
  });
});

describe('a snapshot', () => {
  const told = story().promotes(1);
  const good = { seq: told.state.seq, hash: told.state.hash, shape: STATE_SHAPE, state: JSON.stringify(told.state) };

  test.each([
    ['of another shape', { ...good, shape: STATE_SHAPE + 1 }],
    ['of an entry that is not the one that stands there', { ...good, hash: 'x' }],
    ['of a place that does not exist', { ...good, seq: 999 }],
    ['that is no JSON', { ...good, state: '{' }],
    ['that is no state', { ...good, state: '{}' }],
    ['that names another place than its state', { ...good, state: JSON.stringify({ ...told.state, seq: 1 }) }],
  ])('%s is thrown away', async (_, snapshot) => {
    const store = storeOf(told);
    await store.saveSnapshot('survival', snapshot);
    expect(await freshState('survival', store)).toBeNull();
  });
});
