import { expect, test } from 'vitest';
import { createBoundedLog } from '../../src/adapters/bounded-log.ts';
import { createStepClock } from '../support/step-clock.ts';

function bounded() {
  const clock = createStepClock();
  const lines: string[] = [];
  const keep = (facts: object, message: string) => void lines.push(`${message} ${JSON.stringify(facts)}`);
  return { clock, lines, log: createBoundedLog({ info: keep, warn: keep, error: keep }, clock) };
}

test('a thousand bad requests a second are thirty lines a minute, and one that counts the others', async () => {
  const { clock, lines, log } = bounded();
  for (let second = 0; second < 120; second += 1) {
    for (let n = 0; n < 1_000; n += 1) log.warn({ why: 'forged' }, 'A request was refused');
    await clock.pass(1_000);
  }
  expect(lines).toHaveLength(61);
  expect(lines[30]).toBe('A request was refused (as many times more before) {"leftOut":59970}');
});

test('other words are written all the same', () => {
  const { lines, log } = bounded();
  for (let n = 0; n < 50; n += 1) log.warn({}, 'A request was refused');
  log.error({}, 'A request was refused');
  log.error({}, 'Something else');
  expect(lines.slice(30)).toEqual(['A request was refused {}', 'Something else {}']);
});
