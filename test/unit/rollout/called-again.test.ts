import { describe, expect, test } from 'vitest';
import { createRender } from '../../../blocks/render.ts';
import type { Directory } from '../../../src/ports/directory.ts';
import { type CalledDeps, calledAgain } from '../../../src/rollout/called-again.ts';
import { type Card, cardOf } from '../../../src/rollout/card.ts';
import type { Entry } from '../../../src/rollout/events.ts';
import { known, type Reading, unknown } from '../../../src/rollout/observation.ts';
import { createHandClock } from '../../support/hand-clock.ts';
import { approver, mandatoryApprover, operator, requesterApprover } from '../../support/rollout-facts.ts';
import * as say from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';

const MEMBERS = ['U0ANNA', 'U0ABEL', 'U0MAYA', 'U0RUTH'];
const GROUP = known(MEMBERS);

function slackSays(approvers: Reading<readonly string[]>, mandatory: Reading<readonly string[]> | null = null) {
  return {
    approvers: async () => approvers,
    mandatory: () => (mandatory === null ? null : Promise.resolve(mandatory)),
  };
}

function cardIn(told: Story, id = told.subject): Card {
  const card = cardOf(told.state, id);
  if (card === null) throw new Error(`No card of ${id}.`);
  return card;
}

const called = (told: Story, directory: CalledDeps['directory'], id?: string) =>
  calledAgain(cardIn(told, id), { directory, clock: createHandClock(told.nowMs) });

describe('a reminder calls', () => {
  const gate = story({ quorum: 2 }).promotes(1).begins(2).to('gate');

  test('those of the group who have not answered, and never whoever asked for it', async () => {
    const half = gate.tells(approver, say.promote());
    expect(await called(half, slackSays(GROUP))).toEqual({ kind: 'people', ids: ['U0ABEL', 'U0MAYA'] });
  });

  test('nobody who has left the group since', async () => {
    expect(await called(gate, slackSays(known(['U0ABEL'])))).toEqual({ kind: 'people', ids: ['U0ABEL'] });
  });

  test('those of the mandatory group, where only one of theirs is missing', async () => {
    const told = story({ quorum: 1, mandatoryGroup: true }).promotes(1).begins(2).to('gate');
    const enough = told.tells(approver, say.promote());
    expect(enough.rollout.status).toBe('gate');
    const mandatory = known(['U0MAYA', 'U0ELSE']);
    expect(await called(enough, slackSays(GROUP, mandatory))).toEqual({ kind: 'people', ids: ['U0MAYA'] });
    expect(await called(enough, slackSays(GROUP, unknown('timed out')))).toEqual({
      kind: 'people',
      ids: ['U0ABEL', 'U0MAYA'],
    });
  });

  test('the whole group where Slack does not say who is in it', async () => {
    expect(await called(gate, slackSays(unknown('internal_error')))).toEqual({ kind: 'approvers' });
  });

  test('the whole group where Slack is slow to say it', async () => {
    const never: Pick<Directory, 'approvers' | 'mandatory'> = {
      approvers: () => new Promise(() => undefined),
      mandatory: () => null,
    };
    const clock = { sleep: () => Promise.resolve() };
    expect(await calledAgain(cardIn(gate), { directory: never, clock })).toEqual({ kind: 'approvers' });
  });

  test('nobody once it is decided, for Slack may have been away until then', async () => {
    const approved = gate.tells(approver, say.promote()).tells(mandatoryApprover, say.promote());
    expect(await called(approved, slackSays(GROUP))).toBeNull();
  });

  test('about a model, everybody but who asked for it', async () => {
    const asked = story().promotes(1).tells(requesterApprover, say.deployPending(4));
    const id = asked.state.approvals[0]?.id ?? '';
    expect(await called(asked, slackSays(GROUP), id)).toEqual({ kind: 'people', ids: ['U0ANNA', 'U0ABEL', 'U0MAYA'] });
    const decided = asked.tells(approver, say.approveModel());
    expect(await called(decided, slackSays(GROUP), id)).toBeNull();
    const again = story().promotes(1).tells(operator, say.deployPending(4));
    expect(await called(again, slackSays(GROUP), again.state.approvals[0]?.id)).toEqual({
      kind: 'people',
      ids: MEMBERS,
    });
  });
});

describe('its line', () => {
  const told = story().promotes(1).begins(2).to('gate');
  const { line } = createRender({ approversMention: '<!subteam^S0APPROVERS>', services: ['survival'] });
  const event = { type: 'GateReminded', rolloutId: told.subject, nth: 1, most: 3, have: 0, need: 1 } as const;
  const entry: Entry = {
    ...{ seq: 99, at: new Date(told.nowMs).toISOString(), rolloutId: told.subject, actor: { kind: 'titanic' } },
    ...{ reason: null, commandKey: null, events: [event], writer: 'w', nonce: 'n', prevHash: '', hash: '' },
  };

  test('mentions the people that are called, or the group, or nobody', () => {
    const card = cardIn(told);
    const textFor = (ids: readonly string[]) => line(card, entry, { kind: 'people', ids })?.text;
    expect(textFor(['U0ANNA', 'U0ABEL'])).toMatch(/^<@U0ANNA> <@U0ABEL> Reminder 1 of 3\. /);
    expect(textFor(['<!channel>'])).toMatch(/^Reminder 1 of 3\. /);
    expect(textFor([])).toMatch(/^Reminder 1 of 3\. /);
    expect(line(card, entry, { kind: 'approvers' })?.text).toMatch(/^<!subteam\^S0APPROVERS> Reminder/);
  });

  test('names fifty people at most, and says how many more there are', () => {
    const ids = Array.from({ length: 60 }, (_, n) => `U0PERSON${n + 10}`);
    const text = line(cardIn(told), entry, { kind: 'people', ids })?.text ?? '';
    expect(text.match(/<@/g)).toHaveLength(50);
    expect(text).toContain('… +10 Reminder');
  });
});
