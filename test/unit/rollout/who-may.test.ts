import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { notAllowed } from '../../../src/rollout/gates.ts';
import type { CoreCommand } from '../../../src/rollout/input.ts';
import type { Rollout } from '../../../src/rollout/state.ts';
import { checked, types } from '../../support/decision-facts.ts';
import { tableIn } from '../../support/markdown-table.ts';
import * as people from '../../support/rollout-facts.ts';
import * as say from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';

/** Who may, at the edge of the core: `yes`, or the reason code of the refusal. The requester holds no other role. */
const PEOPLE = {
  operator: people.operator,
  approver: people.approver,
  both: people.both,
  requester: people.requester,
  'requester who approves': people.requesterApprover,
  stranger: people.stranger,
  guest: people.guest,
  'groups unreadable': people.unreadable,
  'groups as last known': people.lastKnown,
} as const;
type PersonName = keyof typeof PEOPLE;

const OPERATOR_ONLY = 'yes, not-an-operator, yes, not-an-operator, yes, not-an-operator';
const APPROVER_ONLY = 'not-an-approver, yes, yes, not-an-approver, yes, not-an-approver';
const EITHER = 'yes, yes, yes, not-an-operator-or-approver, yes, not-an-operator-or-approver';
const OR_REQUESTER = 'yes, yes, yes, yes, yes, not-an-operator-or-approver';
const NOBODY_ELSE = 'not-a-member, groups-unreadable, groups-unreadable';

/** One row for each verb, in the order of PEOPLE. */
const WHO_MAY: Readonly<Record<CoreCommand['verb'], string>> = {
  deploy: `${OPERATOR_ONLY}, ${NOBODY_ELSE}`,
  promote: `${APPROVER_ONLY}, ${NOBODY_ELSE}`,
  withdraw: `${APPROVER_ONLY}, ${NOBODY_ELSE}`,
  review: `${APPROVER_ONLY}, ${NOBODY_ELSE}`,
  reject: `${APPROVER_ONLY}, ${NOBODY_ELSE}`,
  cancel: `not-the-requester, yes, yes, yes, yes, not-the-requester, ${NOBODY_ELSE}`,
  snooze: `${APPROVER_ONLY}, ${NOBODY_ELSE}`,
  rollback: `${EITHER}, not-a-member, groups-unreadable, yes`,
  recreate: `${APPROVER_ONLY}, ${NOBODY_ELSE}`,
  lock: `${OPERATOR_ONLY}, ${NOBODY_ELSE}`,
  unlock: `${OPERATOR_ONLY}, ${NOBODY_ELSE}`,
  smoke: `${OPERATOR_ONLY}, ${NOBODY_ELSE}`,
  'smoke-again': `${OR_REQUESTER}, ${NOBODY_ELSE}`,
  'give-up': `${OR_REQUESTER}, ${NOBODY_ELSE}`,
  adopt: `${APPROVER_ONLY}, ${NOBODY_ELSE}`,
  'acknowledge-break': `${APPROVER_ONLY}, ${NOBODY_ELSE}`,
  'approve-model': `${APPROVER_ONLY}, ${NOBODY_ELSE}`,
  'reject-model': `${APPROVER_ONLY}, ${NOBODY_ELSE}`,
  'leave-rejected': `${EITHER}, not-a-member, groups-unreadable, yes`,
  cleanup: `${APPROVER_ONLY}, ${NOBODY_ELSE}`,
  'confirm-cleanup': `${APPROVER_ONLY}, ${NOBODY_ELSE}`,
  'stop-cleanup': `${APPROVER_ONLY}, ${NOBODY_ELSE}`,
};

type Status = Rollout['status'];
const STATUSES = ['staging', 'testing', 'tested', 'held', 'gate', 'approved', 'prod', 'verifying', 'ended'] as const;

type Action = keyof typeof ACTIONS;
const ACTIONS = {
  deploy: say.deploy(4),
  promote: (told: Story) => say.promote(told.subject)(told),
  withdraw: (told: Story) => say.withdraw(told.subject)(told),
  reject: (told: Story) => say.reject(told.subject)(told),
  cancel: (told: Story) => say.cancel(told.subject)(told),
  'rollback staging': say.rollback('staging'),
  'rollback prod': say.rollback('prod'),
  recreate: say.recreate(),
  'lock prod': say.lock('prod'),
  'unlock prod': say.unlock('prod'),
  'smoke staging': say.smoke('staging'),
  'smoke prod': say.smoke('prod'),
  'smoke-again': say.smokeAgain(),
  'give-up': say.giveUp(),
  'adopt staging': say.adopt('staging'),
} as const;

const NOT_YET = 'not-at-the-gate';
const DECIDED = 'already-decided';
const NO_APPROVAL = 'nothing-to-withdraw';
const NO_SMOKE = 'not-waiting-for-smoke';

/** What somebody who may is answered, by the status of the rollout: in the order of STATUSES. `✓` before what is done. */
const ANSWERS: Readonly<Record<Action, string>> = {
  deploy: `staging-busy, staging-busy, ✓ rollout-started, ✓ rollout-started, ✓ rollout-started, ✓ rollout-started, ✓ rollout-started, ✓ rollout-started, ✓ rollout-started`,
  promote: `${NOT_YET}, ${NOT_YET}, ${NOT_YET}, smoke-not-passed, ✓ promotion-approved, ${DECIDED}, ${DECIDED}, ${DECIDED}, ${DECIDED}`,
  withdraw: `${NO_APPROVAL}, ${NO_APPROVAL}, ${NO_APPROVAL}, ${NO_APPROVAL}, ${NO_APPROVAL}, ${DECIDED}, ${DECIDED}, ${DECIDED}, ${DECIDED}`,
  reject: `${NOT_YET}, ${NOT_YET}, ✓ rollout-rejected, ✓ rollout-rejected, ✓ rollout-rejected, ✓ rollout-rejected, ${DECIDED}, ${DECIDED}, ${DECIDED}`,
  cancel: `✓ cancel-going-back, ✓ cancel-going-back, ✓ rollout-cancelled, ✓ rollout-cancelled, ✓ rollout-cancelled, ✓ rollout-cancelled, ✓ cancel-going-back, ✓ cancel-going-back, ${DECIDED}`,
  'rollback staging':
    '✓ rollback-waits, ✓ rollback-started, ✓ rollback-started, ✓ rollback-started, ✓ rollback-started, ✓ rollback-started, ✓ rollback-started, ✓ rollback-started, ✓ rollback-started',
  'rollback prod':
    '✓ rollback-started, ✓ rollback-started, ✓ rollback-started, ✓ rollback-started, ✓ rollback-started, ✓ rollback-started, ✓ rollback-waits, ✓ rollback-started, ✓ rollback-started',
  recreate: same('endpoint-not-failed'),
  'lock prod': same('✓ lock-placed'),
  'unlock prod': same('not-held'),
  'smoke staging':
    'endpoint-busy, endpoint-busy, ✓ smoke-started, ✓ smoke-started, ✓ smoke-started, ✓ smoke-started, ✓ smoke-started, ✓ smoke-started, ✓ smoke-started',
  'smoke prod':
    '✓ smoke-started, ✓ smoke-started, ✓ smoke-started, ✓ smoke-started, ✓ smoke-started, ✓ smoke-started, endpoint-busy, endpoint-busy, ✓ smoke-started',
  'smoke-again': `${NO_SMOKE}, ${NO_SMOKE}, ${NO_SMOKE}, ✓ smoke-repeat, ${NO_SMOKE}, ${NO_SMOKE}, ${NO_SMOKE}, ${NO_SMOKE}, ${DECIDED}`,
  'give-up': `${NO_SMOKE}, ${NO_SMOKE}, ${NO_SMOKE}, ✓ gave-up, ${NO_SMOKE}, ${NO_SMOKE}, ${NO_SMOKE}, ${NO_SMOKE}, ${DECIDED}`,
  'adopt staging': same('endpoint-known'),
};
/** What the README shows of it: what is decided about rollouts. */
const SHOWN: readonly Action[] = [
  'deploy',
  'promote',
  'withdraw',
  'reject',
  'cancel',
  'rollback staging',
  'rollback prod',
  'smoke-again',
  'give-up',
];

function same(answer: string): string {
  return STATUSES.map(() => answer).join(', ');
}

const third = story().promotes(1).promotes(2).begins(3);
const STORIES: Readonly<Record<Status, Story>> = {
  staging: third.sends('staging'),
  testing: third.to('testing'),
  tested: third.to('tested'),
  held: third.to('held'),
  gate: third.to('gate'),
  approved: third.to('approved'),
  prod: third.to('prod').sends('prod'),
  verifying: third.to('verifying'),
  ended: third.to('ended'),
};

function verbOf(action: Action): CoreCommand['verb'] {
  return ACTIONS[action](STORIES.gate).verb;
}

function cellsOf(row: string): readonly string[] {
  return row.split(', ');
}

function whoMay(verb: CoreCommand['verb'], person: PersonName): string {
  return cellsOf(WHO_MAY[verb])[Object.keys(PEOPLE).indexOf(person)] ?? '';
}

const ROLES_ONLY = ['promote', 'gate', 'requester who approves'];

/** What the two tables together say of one person, one action and one status. */
function expected(action: Action, status: Status, person: PersonName): string {
  const may = whoMay(verbOf(action), person);
  if (may !== 'yes') return may;
  if ([action, status, person].every((each, at) => each === ROLES_ONLY[at])) return 'requester-cannot-approve';
  return cellsOf(ANSWERS[action])[STATUSES.indexOf(status)] ?? '';
}

const README = readFileSync('src/rollout/README.md', 'utf8');

describe('who may', () => {
  test('stands in the README', () => {
    const [header, ...rows] = tableIn(README, 'verb');
    expect(header).toEqual(['verb', ...Object.keys(PEOPLE)]);
    expect(rows).toEqual(Object.entries(WHO_MAY).map(([verb, row]) => [`\`${verb}\``, ...cellsOf(row).map(shownCell)]));
  });

  test.each(Object.keys(WHO_MAY) as CoreCommand['verb'][])('is asked of the groups for %s', (verb) => {
    for (const [name, { actor, standing }] of Object.entries(PEOPLE)) {
      const why = notAllowed(verb, actor, standing, 'U0RUTH');
      expect([name, why?.code ?? 'yes']).toEqual([name, cellsOf(WHO_MAY[verb])[Object.keys(PEOPLE).indexOf(name)]]);
    }
  });
});

function shownCell(code: string): string {
  return code === 'yes' ? 'yes' : `\`${code}\``;
}

describe('what is answered', () => {
  test('stands in the README', () => {
    const [header, ...rows] = tableIn(README, 'status');
    expect(header).toEqual(['status', ...SHOWN.map((action) => `\`${action}\``)]);
    const wanted = STATUSES.map((status, at) => [
      `\`${status}\``,
      ...SHOWN.map((action) => (cellsOf(ANSWERS[action])[at] ?? '').replace(/([a-z-]+)/, '`$1`')),
    ]);
    expect(rows).toEqual(wanted);
  });

  for (const action of Object.keys(ACTIONS) as Action[]) {
    for (const status of STATUSES) {
      test(`${action} while a rollout is at ${status}, by everybody`, () => {
        for (const name of Object.keys(PEOPLE) as PersonName[]) {
          const told = STORIES[status];
          const person = PEOPLE[name];
          const decision = told.says(person, ACTIONS[action]);
          const code = decision.reason?.code ?? '';
          expect([name, decision.accepted === true ? `✓ ${code}` : code]).toEqual([
            name,
            expected(action, status, name),
          ]);
          if (decision.accepted === true) continue;
          // Refused: the refusal is the whole entry, and the state does not change but for having seen it.
          expect(types(decision)).toEqual(['CommandRefused']);
          expect(decision.effects).toEqual([]);
          expect(decision.events[0]).toMatchObject({
            verb: verbOf(action),
            by: people.idOf(person),
            reason: decision.reason,
          });
          const { seq: _s, hash: _h, commandKeys: _k, ...after } = told.after(checked(decision)).state;
          const { seq: _t, hash: _i, commandKeys: _l, ...before } = told.state;
          expect(after).toEqual(before);
        }
      });
    }
  }
});

describe('a pipeline', () => {
  test('may do what its roles allow, but never approves', () => {
    const decision = STORIES.gate.says(people.pipeline, say.promote());
    expect(decision).toMatchObject({ accepted: false, reason: { code: 'pipeline-cannot-approve' } });
    expect(types(decision)).toEqual(['CommandRefused']);
  });

  test('is no requester, whoever carries its name', () => {
    const mine = story().begins(1, { requester: people.idOf(people.pipeline) });
    const nobody = { ...people.pipeline, standing: people.stranger.standing };
    expect(mine.says(nobody, say.cancel())).toMatchObject({ accepted: false, reason: { code: 'not-the-requester' } });
  });

  test('that deploys for somebody makes them the requester; for nobody, one more has to approve', () => {
    const named = story().tells(people.pipeline, say.deploy(1, { requestedBy: 'U0ANNA' }));
    expect(named.rollout).toMatchObject({ requester: 'U0ANNA', quorum: 1 });
    expect(named.to('gate').says(people.approver, say.promote()).reason?.code).toBe('requester-cannot-approve');
    const scheduled = story().tells(people.pipeline, say.deploy(1));
    expect(scheduled.rollout).toMatchObject({ requester: null, quorum: 2 });
    const first = scheduled.to('gate').says(people.approver, say.promote());
    expect(first.reason).toMatchObject({ code: 'approval-recorded', params: { have: 1, need: 2 } });
  });

  const mapped = () => story({ githubUsers: { 'anna-codes': 'U0ANNA' } });

  test('in the name of a GitHub user makes the requester of whoever that is in Slack', () => {
    // GitHub does not tell upper from lower case in a login.
    const told = mapped().tells(people.pipeline, say.deploy(1, { githubUser: 'Anna-Codes' }));
    expect(told.rollout).toMatchObject({ requester: 'U0ANNA', githubUser: 'Anna-Codes', quorum: 1 });
    const gate = told.to('gate');
    expect(gate.says(people.approver, say.promote()).reason?.code).toBe('requester-cannot-approve');
    expect(gate.says(people.secondApprover, say.promote()).reason?.code).toBe('promotion-approved');
  });

  test.each(['somebody-else', 'dependabot[bot]', 'constructor', '__proto__'])(
    'in the name of %s, whom the configuration does not name, needs one approval more',
    (githubUser) => {
      const told = mapped().tells(people.pipeline, say.deploy(1, { githubUser }));
      expect(told.rollout).toMatchObject({ requester: null, githubUser, quorum: 2 });
      const first = told.to('gate').says(people.approver, say.promote());
      expect(first.reason).toMatchObject({ code: 'approval-recorded', params: { have: 1, need: 2 } });
    },
  );

  test('cannot lend its GitHub user to a person', () => {
    const told = mapped().tells(people.operator, say.deploy(1, { githubUser: 'anna-codes' }));
    expect(told.rollout).toMatchObject({ requester: 'U0OLGA', quorum: 1 });
  });
});

describe('the requester', () => {
  test('who comes too late is told how their rollout ended, and by whom', () => {
    const over = third.tells(people.approver, say.cancel());
    const { reason } = over.says(people.requester, say.cancel(over.subject));
    expect(reason).toMatchObject({ code: 'already-decided', params: { by: 'U0ANNA' } });
  });
});
