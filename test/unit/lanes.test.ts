import { expect, test } from 'vitest';
import { text } from '../../blocks/inline.ts';
import { notice } from '../../blocks/refusal.ts';
import type { Answering, Work } from '../../handlers/answering.ts';
import { createLanes } from '../../handlers/lanes.ts';
import { createPersonLimits, type Lane } from '../../handlers/person-limits.ts';
import type { Rendered } from '../../src/ports/channel.ts';
import { createStepClock } from '../support/step-clock.ts';

const DONE = notice([text('Done.')]);
const MEMBERS = ['U0ALICE', 'U0OLGA'];

/** Lanes before work that ends when it is told; nothing else of the way to an answer. */
function traffic(members: readonly string[] | null = MEMBERS) {
  const clock = createStepClock();
  const begun: string[] = [];
  const said = new Map<string, Rendered | null>();
  const ending = new Map<string, () => void>();
  const answering: Answering = {
    async acknowledge(_, read) {
      const work = read();
      if ('answer' in work) said.set(work.what, await work.answer(null));
    },
  };
  const lanes = createLanes({
    directory: { lastKnown: async () => members },
    limits: createPersonLimits(clock),
    measure: { refused: () => undefined },
    clock,
  }).through(answering);
  const incoming = { ack: async () => undefined, body: {}, context: {} };
  return {
    clock,
    begun,
    said,
    async asks(person: string, what: string, lane: Lane = 'ordinary') {
      const work: Work = {
        to: { person, channel: null, responseUrl: null },
        what,
        lane,
        async answer() {
          begun.push(what);
          await new Promise<void>((resolve) => ending.set(what, resolve));
          return DONE;
        },
      };
      void lanes.acknowledge(incoming, () => work);
      await clock.pass(0);
    },
    async ends(what: string) {
      ending.get(what)?.();
      await clock.pass(0);
    },
  };
}

test('as many as there are places are worked on at once, and the others in their order', async () => {
  const { asks, ends, begun } = traffic();
  for (let n = 0; n < 9; n += 1) await asks('U0ALICE', `${n}`);
  expect(begun).toEqual(['0', '1', '2', '3', '4', '5']);
  await ends('3');
  expect(begun.at(-1)).toBe('6');
});

test('a rollback is begun at once, and what is ordinary gives way to it', async () => {
  const { asks, ends, begun } = traffic();
  for (let n = 0; n < 8; n += 1) await asks('U0ALICE', `${n}`);
  await asks('U0OLGA', 'back', 'rollback');
  expect(begun.at(-1)).toBe('back');
  await ends('0');
  await ends('1');
  expect(begun.at(-1)).toBe('back');
  await ends('back');
  expect(begun.slice(-2)).toEqual(['6', '7']);
});

test('a rollback that takes its time does not hold everything else up', async () => {
  const { clock, asks, begun } = traffic();
  await asks('U0OLGA', 'back', 'rollback');
  await asks('U0ALICE', 'later');
  expect(begun).toEqual(['back']);
  await clock.pass(5_000);
  expect(begun).toEqual(['back', 'later']);
});

test('what never ends gives its place back after a while', async () => {
  const { clock, asks, begun } = traffic();
  for (let n = 0; n < 7; n += 1) await asks('U0ALICE', `${n}`);
  await clock.pass(29_999);
  expect(begun).toHaveLength(6);
  await clock.pass(1);
  expect(begun).toHaveLength(7);
});

test('people without a role share a limit, are told so once, and take no place of a rollback', async () => {
  const { asks, ends, begun, said } = traffic();
  for (let n = 0; n < 30; n += 1) {
    await asks(`U0SAM${n}`, `${n}`, n % 2 === 0 ? 'ordinary' : 'rollback');
    await ends(`${n}`);
  }
  expect(begun).toHaveLength(30);
  for (const what of ['too many', 'and again']) await asks('U0SUE', what, 'rollback');
  expect(JSON.stringify(said.get('too many'))).toContain('Too many commands');
  expect(said.get('and again')).toBeNull();
  await asks('U0OLGA', 'back', 'rollback');
  await asks('U0ALICE', 'waits');
  expect(begun.slice(30)).toEqual(['back']);
});

test('nobody waits in a line without an end', async () => {
  const { asks, said } = traffic();
  for (let n = 0; n < 67; n += 1) await asks('U0ALICE', `${n}`);
  expect([...said.keys()]).toEqual(['66']);
  expect(JSON.stringify(said.get('66'))).toContain('Too many commands');
});

test('while no group was ever read, anybody may go back', async () => {
  const { asks, begun } = traffic(null);
  for (let n = 0; n < 60; n += 1) await asks(`U0SAM${n}`, `${n}`);
  await asks('U0OLGA', 'back', 'rollback');
  expect(begun).toHaveLength(7);
  expect(begun.at(-1)).toBe('back');
});
