import { describe, expect, test } from 'vitest';
import { status } from '../../../blocks/status.ts';
import { idsIn, isAbout } from '../../../src/rollout/entry-about.ts';
import { entryWords } from '../../../src/rollout/entry-words.ts';
import { reason } from '../../../src/rollout/reasons.ts';
import { carriedOut } from '../../support/cleanup-rounds.ts';
import { approver, both, operator, stranger } from '../../support/rollout-facts.ts';
import * as say from '../../support/sayings.ts';
import { story } from '../../support/story.ts';
import { engineOn, storeOf, submit } from '../../support/told-engine.ts';

interface Line {
  readonly facts: Readonly<{ [name: string]: unknown }>;
  readonly message: string;
}

function listener() {
  const lines: Line[] = [];
  const info = (facts: object, message: string) => void lines.push({ facts: { ...facts }, message });
  return { lines, log: { info, warn: info, error: info } };
}

const gate = story().promotes(1).begins(2).to('gate');
const asked = story().promotes(1).tells(operator, say.deployPending(4));

describe('the log of a bot', () => {
  test('has a line for each entry that it wrote, with its rollout, who, and what became of it', async () => {
    const { lines, log } = listener();
    const { engine } = engineOn(gate, storeOf(gate), 'a', { log });
    const promote = { verb: 'promote', rolloutId: gate.subject } as const;
    await submit(engine, stranger, promote, 'k1');
    await submit(engine, approver, promote, 'k2');
    await submit(engine, operator, { verb: 'deploy', model: null, note: null }, 'k3');
    expect(lines.map(({ facts, message }) => [facts.rollout, facts.entry, facts.by, message])).toEqual([
      [gate.subject, gate.state.seq + 1, 'U0SAM', expect.stringMatching(/^promote refused: Only approvers/)],
      [gate.subject, gate.state.seq + 2, 'U0ANNA', 'U0ANNA approves: 1 of 1; approved by U0ANNA; prod is next'],
      [`survival-${gate.state.seq + 3}`, gate.state.seq + 3, 'U0OLGA', expect.stringMatching(/superseded/)],
    ]);
    // What an entry ends is found by its own id as well.
    expect(lines[2]?.facts.also).toEqual([gate.subject]);
  });
});

describe('the words of an entry', () => {
  const failed = story()
    .promotes(1)
    .begins(2)
    .sends('staging')
    .fails('staging', reason('aborted', { why: 'asked' }));
  const cleaned = carriedOut(gate.ends().tells(approver, say.cleanup('all')).tells(both, say.confirmCleanup())).told;
  const decided = asked.tells(approver, say.approveModel());

  test.each([
    ['a promotion', gate.to('ended')],
    ['a failure', failed],
    ['a clean-up', cleaned],
    ['a model approval', decided.after(decided.sees())],
  ])('are words and no names of events: %s', (_, told) => {
    for (const entry of told.entries) {
      // The answer stands in for what no event has words for.
      const words = entryWords({ ...entry, reason: entry.reason ?? reason('manual', { reason: 'the answer' }) });
      expect(words).toMatch(/^\S.+[^.\s]\.?$/);
      for (const { type } of entry.events) expect(words).not.toContain(type);
      expect(words).not.toMatch(/undefined|\?|`|\n/);
    }
  });

  test('belong to everything that the entry names', () => {
    const id = asked.state.approvals[0]?.id ?? '';
    const [last] = asked.tells(approver, say.approveModel()).entries.slice(-1);
    if (last === undefined) throw new Error('no entry');
    expect(idsIn(last)).toEqual([id]);
    expect([isAbout(last, id), isAbout(last, 'survival-1')]).toEqual([true, false]);
  });
});

describe('the status', () => {
  test('says what waits for approvers beside rollouts', () => {
    expect(status(asked.state).text).toContain('model version 4 in the registry; asked by <@U0OLGA>');
    expect(status(asked.state).text).not.toContain('Nothing is rolling out');
    const cleaning = gate.ends().tells(approver, say.cleanup('all'));
    expect(status(cleaning.state).text).toContain('clean-up of all: its plan waits to be confirmed');
  });
});
