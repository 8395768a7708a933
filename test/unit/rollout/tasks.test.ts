import { describe, expect, test } from 'vitest';
import type { Saying } from '../../support/sayings.ts';
import { type Task, tasksOf } from '../../../src/rollout/tasks.ts';
import * as people from '../../support/rollout-facts.ts';
import * as say from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';

const one = story().promotes(1);
const gate = one.begins(2).to('gate');
const pending = one.tells(people.operator, say.deployPending(4));
const proposed = one.tells(people.approver, say.cleanup('all'));
const glass = story({ breakGlass: true }).begins(1).to('gate').tells(people.operator, say.lock('prod'));
const broken = glass.tells(people.approver, say.breakGlass());

const { idOf } = people;
const kinds = (told: Story, person: people.Person) => tasksOf(told.state, idOf(person), told.nowMs).map((t) => t.kind);

/** Answers that mean: this one may, whatever else stands in the way. */
const WHO = ['requester-cannot-approve', 'approved-already', 'requester-cannot-approve-model', 'own-glass'];

describe('what waits for an approver', () => {
  test.each<[string, Story, Saying, Task['kind']]>([
    ['gate', gate, say.promote(), 'gate'],
    ['model', pending, say.approveModel(), 'model'],
    ['cleanup', proposed, say.confirmCleanup(), 'cleanup'],
    ['review', broken, say.review(broken.subject), 'review'],
  ])('a %s is exactly what they can decide', (_, told, saying, kind) => {
    for (const person of [people.approver, people.secondApprover, people.requesterApprover]) {
      const { reason } = told.says(person, saying);
      const may = !WHO.includes(reason?.code ?? '') && reason?.code !== 'requester-cannot-confirm';
      expect([idOf(person), kinds(told, person).includes(kind)]).toEqual([idOf(person), may]);
    }
  });

  test('nothing is asked twice of whoever approved already', () => {
    const two = story({ quorum: 2 }).promotes(1).begins(2, { quorum: 2 }).to('gate');
    const once = two.tells(people.approver, say.promote());
    expect(kinds(once, people.approver)).toEqual([]);
    expect(kinds(once, people.secondApprover)).toEqual(['gate']);
  });

  test('nothing that has expired waits for anybody', () => {
    expect(kinds(gate, people.approver)).toEqual(['gate']);
    expect(kinds(gate.later(8 * 24 * 3_600_000), people.approver)).toEqual([]);
  });
});
