import { describe, expect, test } from 'vitest';
import { stepTimes } from '../../../src/rollout/step-times.ts';
import { type Story, story } from '../../support/story.ts';

const of = (told: Story) =>
  stepTimes(told.rollout).map(({ step, from, to, broken }) => {
    const seconds = from === null || to === null ? null : (Date.parse(to) - Date.parse(from)) / 1_000;
    return `${step}: ${from === null ? 'not begun' : seconds === null ? 'under way' : `${seconds} s`}${broken ? ', broken' : ''}`;
  });

describe('the steps of a rollout', () => {
  test('have each taken as long as it was between the entries that began and ended them', () => {
    const told = story().begins(1).later(60_000).to('testing').later(30_000).to('tested').to('gate').later(3_600_000);
    const ended = told.to('prod').later(240_000).to('verifying').later(10_000).to('ended');
    expect(of(ended)).toEqual([
      'staging: 64 s',
      'smoke tests: 32 s',
      'approval: 3601 s',
      'prod: 244 s',
      'check of prod: 12 s',
    ]);
  });

  test('go on where the smoke tests are repeated, and where approvals are void', () => {
    const held = story().begins(1).to('testing').held();
    expect(of(held)[1]).toBe('smoke tests: under way');
    const id = held.subject;
    const again = held
      .later(600_000)
      .records([{ type: 'SmokeRepeatAsked', rolloutId: id }])
      .to('tested');
    expect(of(again)[1]).toBe('smoke tests: 605 s');
    const approved = again.to('approved');
    expect(of(approved)[2]).toMatch(/^approval: \d+ s$/);
    const void_ = approved.records([{ type: 'ApprovalsVoided', rolloutId: id, reason: { code: 'approvals-void' } }]);
    expect(of(void_).slice(2)).toEqual(['approval: under way', 'prod: not begun', 'check of prod: not begun']);
  });

  test.each([
    ['staging', ['staging: 5 s, broken', 'smoke tests: not begun']],
    ['testing', ['staging: 4 s', 'smoke tests: 5 s, broken']],
  ] as const)('end in the one that broke: %s', (status, expected) => {
    const told = story().begins(1).to(status).later(4_000).ends();
    expect(of(told).slice(0, 2)).toEqual(expected);
  });
});
