/** What the model is asked, and its answer checked before anybody relies on it. */
import type { Passenger, Question } from './passenger.ts';
import { Problem } from './problems.ts';

/** The request to the container: the checked values written anew, so that nothing unchecked gets through. */
export function bodyForModel(question: Question): {
  readonly contentType: 'application/json' | 'text/csv';
  body: string;
} {
  if (question.kind === 'one') return { contentType: 'application/json', body: JSON.stringify(question.passenger) };
  return { contentType: 'text/csv', body: question.passengers.map(csvLine).join('\n') };
}

function csvLine({ class: cabin, sex, age }: Passenger): string {
  return age === undefined ? `${cabin},${sex},` : `${cabin},${sex},${age}`;
}

/** The answer as it goes to the caller. Throws a Problem where it is not one probability for each passenger. */
export function answerFor(question: Question, modelAnswer: string): string {
  switch (question.kind) {
    case 'one':
      return `{"probability":${probabilityIn(modelAnswer)}}`;
    case 'batch': {
      const all = probabilitiesIn(modelAnswer, question.passengers.length);
      return `{"predictions":[${all.map((one) => `{"probability":${one}}`).join(',')}]}`;
    }
    case 'csv':
      return `${probabilitiesIn(modelAnswer, question.passengers.length).join('\n')}\n`;
    default:
      return question satisfies never;
  }
}

function probabilityIn(text: string): number {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable('its answer is not JSON');
  }
  const found = typeof value === 'object' && value !== null && 'probability' in value ? value.probability : undefined;
  if (typeof found === 'number' && found >= 0 && found <= 1) return found;
  throw unreadable('its answer holds no probability from 0 to 1');
}

function probabilitiesIn(text: string, count: number): number[] {
  const lines = text.trim().split(/\r?\n/);
  if (lines.length !== count) throw unreadable(`it answered ${lines.length} lines to ${count} passengers`);
  return lines.map((line) => {
    const value = line.trim() === '' ? Number.NaN : Number(line);
    if (value >= 0 && value <= 1) return value;
    throw unreadable('a line of its answer is no probability from 0 to 1');
  });
}

function unreadable(why: string): Problem {
  return new Problem('unreadable-answer', { detail: `The model did not answer as agreed: ${why}.` });
}
