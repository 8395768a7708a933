import type { Card } from '../../src/rollout/card.ts';
import type { Cleanup, ModelApproval, RejectedInProd } from '../../src/rollout/state.ts';
import { factsOf } from './facts.ts';
import { guarded } from './guards.ts';
import { AT, changeOf, LATER, rollback, rollbackCardOf, target } from './parts.ts';
import type { Message } from './rollouts.ts';
import { sample } from './sentences.ts';

const going = { ...rollback, ended: null };
const unreached = {
  ...rollback,
  ended: { at: '2026-11-23T18:05:00.000Z', reached: false, reason: sample('target-missing') },
};
/** For a smoke run. */
const returning = {
  ...rollback,
  environment: 'staging',
  cause: 'smoke-asked',
  leaving: null,
  reason: null,
  ended: null,
} as const;
const byItself = { ...rollback, by: null, cause: 'check-failed', reason: 'p95 412 ms, at most 300 ms' } as const;

const updating = changeOf({ environment: 'prod', words: 'Updating: Launching 2 instance(s).' });

export const ROLLBACK_CARDS: readonly Message[] = [
  [
    'waits for the update that it stops',
    rollbackCardOf({ rollback: going, further: null, undone: { ...updating, stopped: true } }),
  ],
  [
    'SageMaker undoes the update that it stops',
    rollbackCardOf({
      rollback: going,
      further: null,
      undone: { ...updating, stopped: true, guard: { ...guarded, told: true } },
    }),
  ],
  ['going back', rollbackCardOf({ rollback: going, further: null, doing: updating })],
  ['back', rollbackCardOf({ unlockOffered: true })],
  ['back by itself, nothing further back', rollbackCardOf({ rollback: byItself, further: null, holds: [] })],
  ['a stopped staging comes back', rollbackCardOf({ rollback: returning, further: null, holds: [] })],
  [
    'a stopped staging is back',
    rollbackCardOf({ rollback: { ...returning, ended: rollback.ended }, further: null, holds: [] }),
  ],
  ['could not go back', rollbackCardOf({ rollback: unreached })],
  [
    'could not go back, the endpoint is Failed',
    rollbackCardOf({ rollback: unreached, further: null, recreateOffered: true }),
  ],
];

export const question: ModelApproval = {
  id: 'survival-55',
  packageArn: 'arn:aws:sagemaker:eu-central-1:123456789012:model-package/titanic-survival/7',
  version: 7,
  facts: factsOf(7, '0.84'),
  beside: factsOf(6, '0.81'),
  requester: 'U0OPERATOR',
  githubUser: null,
  note: 'better on third class',
  deploys: true,
  unchecked: false,
  askedAt: AT,
  expiresAt: LATER,
  verdict: null,
  intent: null,
  registered: false,
  tries: 0,
  notBefore: null,
  ended: null,
};
const yes = { approve: true, by: 'U0ALICE', reason: null, at: AT };
const no = { approve: false, by: 'U0ALICE', reason: 'too few passengers in the test', at: AT };

function model(changed: Partial<ModelApproval>, runsInProd = false): Card {
  return { kind: 'model', id: question.id, service: 'survival', approval: { ...question, ...changed }, runsInProd };
}

function over(outcome: NonNullable<ModelApproval['ended']>['outcome'], code: Parameters<typeof sample>[0]) {
  return { at: LATER, outcome, reason: sample(code), by: null };
}

export const MODEL_CARDS: readonly Message[] = [
  ['to approve', model({})],
  ['to approve, prod runs nothing yet', model({ beside: null, note: null })],
  ['decided, the registry is being told', model({ verdict: yes })],
  ['approved', model({ verdict: yes, ended: over('approved', 'model-approved') })],
  [
    'approved, its deploy did not start',
    model({ verdict: yes, ended: over('approved', 'model-approved-not-started') }),
  ],
  ['approved outside of titanic', model({ ended: over('approved-outside', 'model-approved-outside') })],
  ['rejected', model({ verdict: no, ended: over('rejected', 'model-rejected') })],
  [
    'rejected, and prod runs it',
    model({ verdict: no, deploys: false, ended: over('rejected', 'model-rejected') }, true),
  ],
  ['rejected outside of titanic', model({ ended: over('rejected-outside', 'model-rejected-outside') })],
  ['expired', model({ ended: over('expired', 'model-approval-expired') })],
  ['refused by the registry', model({ verdict: yes, ended: over('failed', 'registry-refused') })],
];

const alarm: RejectedInProd = {
  id: 'survival-60',
  packageArn: question.packageArn,
  version: 7,
  by: null,
  at: AT,
  over: false,
};

function alarmed(changed: Partial<RejectedInProd>, version: number | null): Card {
  const back = version === null ? null : target(version);
  return { kind: 'model-alarm', id: alarm.id, service: 'survival', alarm: { ...alarm, ...changed }, target: back };
}

export const ALARM_CARDS: readonly Message[] = [
  ['what prod runs was rejected', alarmed({}, 6)],
  ['nothing to go back to', alarmed({}, null)],
  ['over', alarmed({ over: true }, 6)],
];

const things = [
  { kind: 'endpoint configuration', name: 'titanic-survival-staging-v5-30', arn: 'arn', environment: null },
  { kind: 'model', name: 'titanic-survival-staging-v5-30', arn: 'arn', environment: null },
] as const;

export const plan: Cleanup = {
  id: 'survival-80',
  target: 'leftovers',
  digest: 'd',
  by: 'U0OPERATOR',
  at: AT,
  expiresAt: LATER,
  confirmed: null,
  total: 2,
  left: things,
  kept: [{ kind: 'model', name: 'titanic-survival-prod-v6-12', because: 'a rollback of prod can go to it' }],
  keptMore: 0,
  notDeleted: [],
  removals: {},
  round: null,
  notBefore: null,
  stopAskedBy: null,
  ended: null,
};
const confirmed = { by: 'U0ALICE', at: AT, deadlineAt: LATER };
const notDeleted = [{ kind: 'model', name: things[1].name, why: 'access is denied' }] as const;

function cleanup(changed: Partial<Cleanup>): Card {
  return { kind: 'cleanup', id: plan.id, service: 'survival', cleanup: { ...plan, ...changed } };
}

function finished(outcome: NonNullable<Cleanup['ended']>['outcome'], code: Parameters<typeof sample>[0]) {
  return { left: [], ended: { at: LATER, outcome, reason: sample(code), by: null } };
}

export const CLEANUP_CARDS: readonly Message[] = [
  ['to confirm', cleanup({})],
  ['to confirm, of what may be live', cleanup({ target: 'staging' })],
  ['under way', cleanup({ target: 'staging', confirmed, left: things.slice(1), removals: { staging: 'open' } })],
  ['being stopped', cleanup({ confirmed, stopAskedBy: 'U0ALICE' })],
  ['done', cleanup({ confirmed, ...finished('done', 'cleaned-up') })],
  ['done in part', cleanup({ confirmed, notDeleted, ...finished('failed', 'cleaned-up-partly') })],
  ['stopped', cleanup({ confirmed, ...finished('stopped', 'cleanup-stopped') })],
  ['not in time', cleanup({ confirmed, ...finished('stopped', 'cleanup-late') })],
  ['discarded', cleanup(finished('discarded', 'cleanup-discarded'))],
  ['nobody confirmed it', cleanup(finished('expired', 'cleanup-expired'))],
  ['the account had changed', cleanup({ confirmed, ...finished('void', 'cleanup-changed') })],
];
