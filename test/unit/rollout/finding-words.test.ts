import { expect, test } from 'vitest';
import { findingWords } from '../../../src/rollout/finding-words.ts';

test.each([
  ['error rate 10.0 %, at most 1.0 %', { check: 'error rate', measured: '0.1', threshold: '0.01' }],
  ['error rate 0.05 %, at most 0.0 %', { check: 'error rate', measured: '0.0005', threshold: '0' }],
  ['p95 412.5 ms, at most 300 ms', { check: 'p95 ms', measured: '412.5', threshold: '300' }],
  ['p95 ms: not measured, limit 300', { check: 'p95 ms', measured: 'not measured', threshold: '300' }],
  [
    'answered by variant unknown instead of AllTraffic',
    { check: 'variant', measured: 'unknown', threshold: 'AllTraffic' },
  ],
  ['case first-class woman: is 0.1', { check: 'case first-class woman', measured: 'is 0.1', threshold: 'passed' }],
])('what a check found is said as people say it: %s', (words, finding) => {
  expect(findingWords({ ...finding, ok: false })).toBe(words);
});
