import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Expectation } from '../../src/config-types.ts';
import { compileExpectation } from '../../src/smoke/expect.ts';

function answer(expectation: Expectation, body: string): string {
  const compiled = compileExpectation(expectation);
  if (!compiled.ok) return `fault: ${compiled.fault}`;
  const verdict = compiled.test(body);
  return verdict.ok ? 'passed' : verdict.reason;
}

describe('what an answer must be like', () => {
  test.each<[Expectation, string, string]>([
    [{ kind: 'match', pattern: '^0?\\.[5-9]|^1' }, '0.93', 'passed'],
    [{ kind: 'match', pattern: '^0?\\.[5-9]|^1' }, '0.12', 'answer did not match ^0?\\.[5-9]|^1'],
    [{ kind: 'equals', value: 'yes' }, 'yes\n', 'passed'],
    [{ kind: 'equals', value: 'yes' }, 'no', 'answer did not equal the expected text'],
    [{ kind: 'equals', value: { a: [1, null] } }, '{ "a": [1, null] }', 'passed'],
    [{ kind: 'equals', value: { a: 1 } }, '{"a":1,"b":2}', 'answer did not equal the expected JSON'],
    [{ kind: 'equals', value: 1 }, 'one', 'answer is not JSON'],
    [{ kind: 'schema', schema: { type: 'object', required: ['p'] } }, '{"p":0.2}', 'passed'],
    [
      { kind: 'schema', schema: { type: 'object', required: ['p'] } },
      '{}',
      'answer did not fit the schema at #/required',
    ],
    [{ kind: 'schema', schema: { type: 'object' } }, '<html>', 'answer is not JSON'],
    [
      { kind: 'schema', schema: { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'number' }] } },
      '[1]',
      'passed',
    ],
    [{ kind: 'between', min: 0, max: 1 }, '0.5\n', 'passed'],
    [{ kind: 'between', min: 0, max: 1 }, '1', 'passed'],
    [{ kind: 'between', min: 0, max: 1 }, '1.01', 'answer is not at least 0 and at most 1'],
    [{ kind: 'between', min: 0 }, '', 'answer is not a number'],
    [{ kind: 'between', max: 5, path: '/predictions/0/score' }, '{"predictions":[{"score":4}]}', 'passed'],
    [{ kind: 'between', max: 5, path: '/a~1b/~0' }, '{"a/b":{"~":6}}', 'the value at /a~1b/~0 is not at most 5'],
    [{ kind: 'between', max: 5, path: '/constructor' }, '{}', 'the value at /constructor is not a number'],
  ])('%j: %j is %j', (expectation, body, outcome) => {
    expect(answer(expectation, body)).toBe(outcome);
  });

  test('a definition that cannot be used is told, not thrown', () => {
    expect(answer({ kind: 'match', pattern: '(' }, '')).toMatch(/^fault: Invalid regular expression/);
    expect(answer({ kind: 'schema', schema: { type: 'objekt' } }, '')).toMatch(/^fault: schema is invalid/);
    expect(answer({ kind: 'schema', schema: { requird: ['p'] } }, '')).toMatch(/^fault: .*requird/);
    expect(answer({ kind: 'schema', schema: { $ref: 'https://elsewhere.example/x' } }, '')).toMatch(
      /^fault: can't resolve/,
    );
  });

  test('no part of an answer gets into the reason', () => {
    const schema = { type: 'object', additionalProperties: { type: 'number' } } as const;
    expect(answer({ kind: 'schema', schema }, '{"passenger-4711":"sunk"}')).not.toMatch(/4711|sunk/);
  });

  test('any body is judged without an exception', () => {
    const compiled = compileExpectation({ kind: 'between', min: 0, path: '/a/0' });
    if (!compiled.ok) throw new Error(compiled.fault);
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (body) => typeof compiled.test(body).ok === 'boolean'));
  });
});
