import type { Card } from '../../src/rollout/card.ts';
import type { RolloutOutcome, SmokeResult } from '../../src/rollout/events.ts';
import type { ReasonCode } from '../../src/rollout/reasons.ts';
import type { EndedRollout, Rollout } from '../../src/rollout/state.ts';
import { factsOf } from './facts.ts';
import { alarming, canary, guarded, serving, snoozed, worse } from './guards.ts';
import {
  AT,
  changeOf,
  hold,
  LATER,
  reachedBy,
  rollouts,
  rolloutCardOf as shownAs,
  smokeResult,
  target,
} from './parts.ts';
import { sample } from './sentences.ts';

export type Message = readonly [title: string, card: Card];

const failedSmoke = smokeResult({
  verdict: 'failed',
  numbers: {
    ...smokeResult().numbers,
    p95Ms: 412,
    p95LowMs: 398,
    p95HighMs: 431,
    p99Ms: 530,
    percentiles: [10, 25, 50, 75, 90, 95, 99].map((p, at) => ({ p, ms: [8.3, 9.9, 12, 48, 240, 412, 530][at] ?? 0 })),
  },
  findings: [{ check: 'p95 ms', measured: '412', threshold: '300', ok: false }],
});
const lateSmoke = smokeResult({ verdict: 'inconclusive', why: 'the generator was late', findings: [] });

function measured(result: SmokeResult): NonNullable<Rollout['smoke']> {
  return { ...result, lastModified: AT, finishedAt: AT, finishedSeq: 50 };
}

/** prod as it is before a promotion: it runs what it ran. */
function before(rollout: Rollout, over: Parameters<typeof shownAs>[1] = {}): Card {
  return shownAs(rollout, over);
}

/** After it: prod runs the new version. */
function after(rollout: Rollout): Card {
  return shownAs(rollout, {
    running: { staging: target(7, rollout.id), prod: target(7, rollout.id) },
    rollbackOffered: target(6),
  });
}

/** It did not get that far, or went back: staging runs what it ran before. */
function back(rollout: Rollout, over: Parameters<typeof shownAs>[1] = {}): Card {
  return shownAs(rollout, { running: { staging: target(6), prod: target(6) }, ...over });
}

const { staging, testing, tested, held, approved, prod, verifying, ended: promoted } = rollouts;
const gate = { ...rollouts.gate, about: { model: factsOf(7, '0.84'), beside: factsOf(6, '0.81') } };
if (promoted.status !== 'ended' || gate.status !== 'gate' || approved.status !== 'approved') throw new Error('states');

const undecided = { gate: null, approvedBy: [], brokenGlass: null } as const;

function ended(outcome: RolloutOutcome, code: ReasonCode, about: Partial<EndedRollout> = {}): EndedRollout {
  if (promoted.status !== 'ended') throw new Error('states');
  const prodReached = about.approvedBy === undefined;
  const reached = reachedBy(
    prodReached ? 'prod' : about.smoke === null ? 'staging' : code === 'smoke-failed' ? 'testing' : 'gate',
  );
  return { ...promoted, outcome, reason: sample(code), by: null, reached, ...about };
}

const stagingBack = {
  goesBack: { id: 'survival-70', environment: 'staging' as const, target: target(6), holds: false },
};
const prodBack = { goesBack: { id: 'survival-70', environment: 'prod' as const, target: target(6), holds: true } };
const glass = {
  by: 'U0ALICE',
  reason: 'passengers wait',
  at: AT,
  holds: [],
  over: ['1 of 2 approvals', 'prod is held by @adam: audit'],
  reviewed: null,
};
const [plainType, otherType] = ['ml.m5.large', 'ml.c7i.large'].map((instanceType) => ({
  ...gate.candidate.plans.prod,
  capacity: { kind: 'instances' as const, instanceType, instanceCount: 1 },
}));
const nobody = {
  ...gate,
  about: { ...gate.about, beside: null },
  requester: null,
  githubUser: 'octocat',
  note: null,
  modelApprovedBy: null,
};
const doing = changeOf();
const changing = changeOf({
  environment: 'prod',
  since: '2026-11-23T18:30:10.000Z',
  wordsAt: '2026-11-23T18:32:00.000Z',
  words: 'Updating: Launching 2 instance(s).',
});
const guardedChange = { ...changing, usual: { ms: 4_920_000, of: 2 } };
const bakes = 'Baking: Baking for 600 seconds with traffic enabled on canary capacity of 1 instance(s).';
const waits =
  'Baking: Baking for 3600 seconds (TerminationWaitInSeconds) with traffic enabled on full capacity of 2 instance(s).';
const sparedGate = { ...gate, gate: { ...gate.gate, idleStopHours: 2 } };
const { candidate } = gate;
const underGuard = {
  ...candidate,
  plans: { ...candidate.plans, prod: { ...candidate.plans.prod, strategy: canary } },
};
const guardedGate = { ...gate, candidate: underGuard };
const guardedProd = { ...rollouts.prod, candidate: underGuard };
const unguarded = { on: false, because: 'marketplace' } as const;
const prodHeld = { holds: { staging: [], prod: [{ ...hold, kind: 'lock' as const, reason: 'audit', until: LATER }] } };

/** Every state of a rollout's card, and every way in which it ends. */
export const ROLLOUT_CARDS: readonly Message[] = [
  ['going to staging', before(staging, { doing })],
  [
    'a call without a known outcome',
    before(staging, { doing: { ...doing, words: null, since: null, openCall: true } }),
  ],
  ['past its deadline', before(staging, { doing: { ...doing, overdue: true } })],
  ['waits for something', before({ ...staging, waiting: sample('waits-for-back-off') }, { doing })],
  ['smoke tests on staging', before(testing)],
  ['smoke tests passed', before(tested)],
  ['no verdict of the smoke tests', before({ ...held, smoke: measured(lateSmoke) })],
  ['waits for approval', before({ ...gate, gate: { ...gate.gate, approvals: [] } })],
  ['waits for approval, one of two is there', before(gate)],
  [
    'waits for approval of the first version, asked by a pipeline',
    before(nobody, {
      running: { staging: target(7), prod: null },
      rollbackTarget: null,
      runningPlan: null,
      before: { target: null, measured: null },
      guardrail: { on: false, because: 'first-deployment' },
      usual: { promotion: null, rollback: null, step: null },
    }),
  ],
  ['waits for approval, prod runs on less', before(gate, { runningPlan: plainType ?? null })],
  ['waits for approval, a price is not configured', before(gate, { runningPlan: otherType ?? null })],
  ['waits for approval, the package has no description or metrics', before(rollouts.gate, { runningPlan: null })],
  ['waits for approval, staging may be stopped meanwhile', before(sparedGate)],
  ['waits for approval, staging is stopped', before(sparedGate, { stagingStopped: AT })],
  ['waits for approval while prod is locked', before(gate, prodHeld)],
  [
    'waits for approval, SageMaker will guard the change',
    before(guardedGate, {
      guardrail: { on: true, strategy: canary },
      usual: { promotion: null, rollback: { ms: 252_000, of: 3 }, step: null },
    }),
  ],
  ['waits for approval, SageMaker would guard nothing', before(guardedGate, { guardrail: unguarded })],
  ['waits for approval, prod was adopted', before(guardedGate, { guardrail: null })],
  ['approved', before(approved)],
  [
    'approved for later',
    before({ ...approved, gate: { ...approved.gate, notBefore: LATER }, waiting: sample('waits-for-time') }),
  ],
  ['approved by one alone who broke the glass', before({ ...approved, approvedBy: ['U0ALICE'], brokenGlass: glass })],
  ['going to prod, nothing guards it', before(prod, { doing: changing, rollbackOffered: target(6) })],
  [
    'going to prod, a canary bakes',
    before(guardedProd, { doing: { ...guardedChange, words: bakes, guard: guarded }, rollbackOffered: target(6) }),
  ],
  [
    'going to prod, an alarm is on',
    before(guardedProd, { doing: { ...guardedChange, words: bakes, guard: alarming }, rollbackOffered: target(6) }),
  ],
  [
    'going to prod, the new fleet is worse',
    before(guardedProd, { doing: { ...guardedChange, words: bakes, guard: worse }, rollbackOffered: target(6) }),
  ],
  [
    'going to prod, the new fleet is worse and somebody waits all the same',
    before(guardedProd, { doing: { ...guardedChange, words: bakes, guard: snoozed }, rollbackOffered: target(6) }),
  ],
  [
    'all traffic is on the new fleet, the old one is kept',
    before(guardedProd, { doing: { ...guardedChange, words: waits, guard: serving }, rollbackOffered: target(6) }),
  ],
  ['checking prod', after(verifying)],
  ['promoted', after({ ...promoted, prodCheck: smokeResult() })],
  [
    'promoted, the glass was broken and that is signed off',
    after({ ...promoted, brokenGlass: { ...glass, reviewed: { by: 'U0ADAM', note: 'it was needed', at: LATER } } }),
  ],
  [
    'promoted, the check of prod gave no verdict',
    after({ ...promoted, prodCheck: lateSmoke, reason: sample('prod-check-inconclusive') }),
  ],
  ['failed on staging', back(ended('failed', 'health-check-failed', { ...undecided, smoke: null }), stagingBack)],
  [
    'failed on staging, nothing to go back to',
    shownAs(ended('failed', 'quota-exceeded', { ...undecided, smoke: null }), {
      running: { staging: null, prod: null },
      before: { target: null, measured: null },
      rollbackTarget: null,
    }),
  ],
  [
    'failed its smoke tests',
    back(ended('failed', 'smoke-failed', { ...undecided, smoke: measured(failedSmoke) }), stagingBack),
  ],
  ['failed on prod', before(ended('failed', 'rolled-back-silently'))],
  ['failed on prod, whose endpoint is Failed', before(ended('failed', 'endpoint-failed'), { recreateOffered: true })],
  ['failed the check of prod', before(ended('failed', 'prod-check-failed', { prodCheck: failedSmoke }), prodBack)],
  ['rejected', before(ended('rejected', 'rejected-by', { ...undecided, by: 'U0ALICE' }))],
  ['cancelled', back(ended('cancelled', 'cancelled-by', { ...undecided, by: 'U0ALICE', smoke: null }), stagingBack)],
  ['superseded', before(ended('superseded', 'superseded-by', { ...undecided, by: 'U0ALICE' }))],
  ['expired', before(ended('expired', 'approval-expired', undecided))],
  ['void', before(ended('voided', 'seal-changed'))],
  ['rolled back', before(ended('rolled-back', 'rolled-back-by', { by: 'U0ALICE' }), prodBack)],
  ['given up', before(ended('given-up', 'given-up-by', { ...undecided, by: 'U0ALICE', smoke: measured(lateSmoke) }))],
];
