import { describe, expect, test } from 'vitest';
import { text } from '../../blocks/inline.ts';
import { notice, stillWorking } from '../../blocks/refusal.ts';
import { createAnswering } from '../../handlers/answering.ts';
import { createPersonLimits } from '../../handlers/person-limits.ts';
import type { Rendered } from '../../src/ports/channel.ts';
import { silentLogger } from '../support/aws-env.ts';

const TO = { person: 'U0ALICE', channel: 'C0TITANIC', responseUrl: null };
const ANSWER = notice([text('Done.')]);

/** Answers on a clock whose sleeps end when they are due, and not before. */
function answering() {
  let nowMs = 0;
  const due: { readonly atMs: number; readonly end: () => void }[] = [];
  const told: Rendered[] = [];
  const measured: string[] = [];
  const { acknowledge } = createAnswering({
    conversation: {
      answer: async (_, message) => {
        told.push(message);
        return true;
      },
      openModal: async () => null,
      updateModal: async () => false,
      rewrite: async () => true,
      permalink: async () => null,
    },
    measure: { refused: () => undefined, answered: (_, outcome) => void measured.push(outcome) },
    clock: {
      nowMs: () => nowMs,
      elapsedMs: () => nowMs,
      waitedMs: () => nowMs,
      sleep: (ms, wake) =>
        new Promise((resolve) => {
          due.push({ atMs: nowMs + ms, end: resolve });
          wake?.addEventListener('abort', () => resolve(), { once: true });
        }),
    },
    ids: { random: () => 'reference', fraction: () => 0.5 },
    log: silentLogger,
    limits: createPersonLimits({ elapsedMs: () => nowMs }),
    rollouts: { countRefusals: async () => undefined },
    services: [],
  });
  return {
    told,
    measured,
    acknowledge,
    async later(ms: number) {
      nowMs += ms;
      for (const { atMs, end } of due) if (atMs <= nowMs) end();
      await new Promise(setImmediate);
    },
  };
}

describe('whoever typed something', () => {
  test('is told after ten seconds that the answer is not there yet, and gets it whenever it comes', async () => {
    const { acknowledge, later, told, measured } = answering();
    let settle: (rendered: Rendered) => void = () => undefined;
    const incoming = { ack: async () => undefined, body: {}, context: {} };
    const answer = () => new Promise<Rendered>((resolve) => (settle = resolve));
    const done = acknowledge(incoming, () => ({ to: TO, what: 'deploy', lane: 'ordinary', answer }));
    await later(0);
    await later(9_000);
    expect(told).toEqual([]);
    await later(1_000);
    expect(told).toEqual([stillWorking()]);
    await later(600_000);
    settle(ANSWER);
    await done;
    expect(told).toEqual([stillWorking(), ANSWER]);
    expect(measured).toEqual(['answered']);
  });
});
