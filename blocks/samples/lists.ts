import type { Command, Verb } from '../../src/command-types.ts';
import type { Rendered } from '../../src/ports/channel.ts';
import type { Entry } from '../../src/rollout/events.ts';
import { known, type PackageSeen, unknown } from '../../src/rollout/observation.ts';
import {
  type Deployment,
  type EndedRollout,
  initialState,
  type LiveRollout,
  type Rollout,
  type ServiceState,
} from '../../src/rollout/state.ts';
import { brokenRecord } from '../broken-record.ts';
import { cleanupPlan } from '../cleanup-plan.ts';
import { evidenceTable } from '../evidence-table.ts';
import { help, usageProblem } from '../help.ts';
import { history } from '../history.ts';
import { models } from '../models.ts';
import { oldCard } from '../old-card.ts';
import { chooseService, stillWorking, troubled, unknownControl } from '../refusal.ts';
import { status } from '../status.ts';
import { verification } from '../verification.ts';
import { canary } from './guards.ts';
import { EVENTS } from './lines.ts';
import { AT, hold, LATER, rollback, rollouts, target } from './parts.ts';
import { sample } from './sentences.ts';

const SERVICE = 'survival';
const empty = initialState(SERVICE);
const live = (rollout: Rollout): LiveRollout[] => (rollout.status === 'ended' ? [] : [rollout]);
const over = (rollout: Rollout): EndedRollout[] => (rollout.status === 'ended' ? [rollout] : []);

export const busy: ServiceState = {
  ...empty,
  environments: {
    staging: { ...empty.environments.staging, known: true, stack: [target(7, 'survival-42')] },
    prod: { ...empty.environments.prod, known: true, stack: [target(6, 'survival-12')], holds: [hold] },
  },
  rollouts: live(rollouts.gate),
  ended: over(rollouts.ended).flatMap((rollout) => [
    { ...rollout, id: 'survival-12', reason: sample('promoted') },
    { ...rollout, id: 'survival-5', outcome: 'failed' as const, approvedBy: [], reason: sample('smoke-failed') },
  ]),
  endedRollbacks: [rollback],
  reviews: [{ rolloutId: 'survival-12', version: 6, by: 'U0ALICE', reason: 'passengers wait', at: AT }],
};
/** titanic has deleted the endpoint of staging. */
const stoppedStaging: ServiceState = {
  ...empty,
  environments: {
    staging: {
      ...empty.environments.staging,
      stack: [target(7, 'survival-42')],
      stopped: { at: LATER, usedAt: AT, lastModified: AT },
    },
    prod: { ...empty.environments.prod, known: true, stack: [target(6, 'survival-12')] },
  },
};
const MONDAY = '2026-03-02T09:00:00.000Z';
const CONFIG = 'titanic-survival-prod-v7-r17';
/** prod in the middle of a guarded change, all of whose traffic is moved. */
const change: Deployment = {
  id: 40,
  kind: 'rollout',
  owner: 'survival-17',
  target: { ...target(7, 'survival-17'), configName: CONFIG },
  startedAt: MONDAY,
  deadlineAt: LATER,
  prepared: true,
  followed: {
    call: {
      kind: 'update',
      endpointName: 'titanic-survival-prod',
      configName: CONFIG,
      retainVariantProperties: false,
      strategy: canary,
    },
    baseline: { present: false },
    outcomeSeq: 42,
    since: MONDAY,
  },
  refusals: 0,
  notBefore: null,
  abort: null,
  overdue: false,
  words:
    'Baking: Baking for 3600 seconds (TerminationWaitInSeconds) with traffic enabled on full capacity of 2 instance(s).',
  wordsAt: MONDAY,
  alarms: [{ name: `${CONFIG}-errors`, state: 'ALARM', why: '2 of 2 datapoints were above 1 %' }],
  serving: { at: MONDAY, until: LATER },
};
export const serving: ServiceState = {
  ...empty,
  environments: {
    staging: { ...empty.environments.staging, known: true, stack: [{ ...target(7, 'survival-17'), at: MONDAY }] },
    prod: { ...empty.environments.prod, known: true, stack: [{ ...target(6), at: MONDAY }], deployment: change },
  },
  rollouts: live({ ...rollouts.prod, id: 'survival-17', requester: 'U0RUTH' }),
};
export const freeze = { name: 'Christmas', owner: 'operations', reason: 'nobody is here', untilMs: Date.parse(LATER) };

function registered(version: number, approval: string): PackageSeen {
  return {
    arn: `arn:aws:sagemaker:eu-central-1:123456789012:model-package/titanic-survival/${version}`,
    group: 'titanic-survival',
    version,
    approval,
    status: 'Completed',
    description: null,
    about: { createdBy: null, createdAt: AT, commit: null, repository: null, metrics: { accuracy: '0.84' } },
    containers: [
      { image: 'i', imageDigest: `sha256:${String(version).repeat(64)}`, modelDataUrl: null, modelDataEtag: null },
    ],
    inferenceSpec: null,
  };
}

const things = [
  { kind: 'model', name: 'titanic-survival-staging-v5-30', arn: 'a', action: 'delete', because: null },
  {
    kind: 'model',
    name: 'titanic-survival-prod-v6-12',
    arn: 'b',
    action: 'keep',
    because: 'a rollback of prod can go to it',
  },
] as const;
const plan = { kind: 'plan', target: 'leftovers', items: things, digest: 'd', phrase: null } as const;
const entry: Entry = {
  seq: 52,
  at: AT,
  rolloutId: 'survival-42',
  actor: { kind: 'person', id: 'U0ALICE', via: 'slack' },
  reason: sample('approval-recorded'),
  commandKey: null,
  events: EVENTS.ApprovalGiven,
  writer: 'w',
  nonce: 'n',
  prevHash: '',
  hash: '4f1d9a2b7c3e'.repeat(5),
};
const fine = { environment: 'staging', name: 'config', expected: 'v7', status: 'ok', found: 'v7', todo: null } as const;
const wrong = {
  ...fine,
  environment: 'prod',
  status: 'different',
  found: 'v5',
  todo: 'Roll back or deploy again.',
} as const;

const asked = (service: string): Command => ({ verb: 'deploy', environment: 'staging', service });

/** The lines of the help: of all commands, or of one. */
export type Usage = (verb?: Verb) => readonly string[];

/** What a command shows, and what a person is told who cannot be served. */
export const lists = (usage: Usage): readonly (readonly [title: string, shown: Rendered])[] => [
  ['status', status(busy, freeze)],
  ['status while the old fleet of prod is kept', status(serving)],
  ['status while staging is stopped, because nobody used it', status(stoppedStaging)],
  ['status of a service without anything', status(empty)],
  ['history', history(busy, 5)],
  ['history of a service without anything', history(empty, 5)],
  ['models', models(SERVICE, [registered(7, 'Approved'), registered(6, 'Approved')], busy)],
  ['models of an empty group', models(SERVICE, [], busy)],
  ['verify, all in order', verification(SERVICE, [fine])],
  ['verify, something differs', verification(SERVICE, [fine, wrong])],
  ['evidence', evidenceTable('survival-42', [entry])],
  ['cleanup', cleanupPlan(SERVICE, 'leftovers', known(plan))],
  [
    'cleanup while something is under way',
    cleanupPlan(SERVICE, 'leftovers', known({ kind: 'busy', what: ['survival-42 waits for approval'] })),
  ],
  ['cleanup, SageMaker does not answer', cleanupPlan(SERVICE, 'leftovers', unknown('ThrottlingException'))],
  ['help', help(usage())],
  ['help for one command', help(usage('lock'))],
  [
    'words that were not understood',
    usageProblem('There is no command "delpoy". Did you mean deploy?', usage('deploy')),
  ],
  ['several services, none named', chooseService(['survival', 'fares'], null, asked)],
  ['a service that is not there', chooseService(['survival', 'fares'], 'survivl', asked)],
  ['no answer yet', stillWorking()],
  ['something went wrong', troubled('b7f3')],
  ['a button of another version', unknownControl()],
  ['a card that was posted twice', oldCard('survival-42', 'https://example.slack.com/archives/C1/p1')],
  ['the record was changed', brokenRecord(SERVICE, { seq: 118, why: 'an entry is missing' }, '<!subteam^S0APPROVERS>')],
];
