import type { SmokeNumbers, SmokeResult } from '../src/rollout/events.ts';
import { findingWords, percent } from '../src/rollout/finding-words.ts';
import type { ProdBefore } from '../src/rollout/prod-before.ts';
import { type Column, table } from './block.ts';
import { type Line, text } from './inline.ts';
import { firstOf, PIECES } from './limits.ts';

function ms(value: number | null): string {
  return value === null ? '–' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

function p95(numbers: SmokeNumbers): string {
  const { p95Ms, p95LowMs, p95HighMs } = numbers;
  if (p95Ms === null || p95LowMs === null || p95HighMs === null) return ms(p95Ms);
  return `${ms(p95Ms)} (${ms(p95LowMs)} to ${ms(p95HighMs)})`;
}

function casesWords(result: SmokeResult): string {
  return `${result.cases.filter((one) => one.ok).length} of ${result.cases.length}`;
}

/**
 * The candidate's numbers beside prod's: measured in the same run where that was asked for, else the recorded ones; and
 * its own on prod, once it was checked there.
 */
export function smokeTable(result: SmokeResult, { measured }: ProdBefore, check: SmokeResult | null): object {
  const other = result.compared ?? measured?.numbers ?? null;
  const checked = check === null ? [] : [check];
  const columns: Column[] = [
    { title: 'Smoke test' },
    { title: check === null ? 'This version' : 'This version, staging', align: 'right' },
    ...checked.map((): Column => ({ title: 'This version, prod', align: 'right' })),
    {
      title: `prod${check === null ? '' : ' before'}, ${result.compared === null ? 'recorded' : 'same run'}`,
      align: 'right',
    },
  ];
  const row = (name: string, of: (numbers: SmokeNumbers) => string) => [
    name,
    of(result.numbers),
    ...checked.map(({ numbers }) => of(numbers)),
    other === null ? '–' : of(other),
  ];
  const cases = measured === null || result.compared !== null ? '–' : `${measured.passed} of ${measured.cases}`;
  return table(columns, [
    ['Cases passed', casesWords(result), ...checked.map(casesWords), cases],
    row('Requests', (numbers) => String(numbers.n)),
    row('Errors', (numbers) => percent(numbers.errorRate)),
    row('p50', (numbers) => ms(numbers.p50Ms)),
    row('p95 (95 % interval)', p95),
    row('p99', (numbers) => ms(numbers.p99Ms)),
  ]);
}

/** `passed: 300 requests, p95 41 ms, 0.0 % errors, cases 2 of 2`. */
export function smokeSummary(result: SmokeResult): string {
  const { numbers } = result;
  return `${result.verdict}: ${numbers.n} requests, p95 ${ms(numbers.p95Ms)}, ${percent(numbers.errorRate)} errors, cases ${casesWords(result)}`;
}

/** What spoke against it, a line each. */
export function smokeComplaints(result: SmokeResult): readonly Line[] {
  // The judgement names each failed case among its findings, with "passed" as what was wanted.
  const findings = result.findings.filter((finding) => !finding.ok).map(findingWords);
  const { shown, more } = firstOf(findings, PIECES.listed);
  const lines: Line[] = shown.map((words) => [text(`• ${words}`, 250)]);
  return more === 0 ? lines : [...lines, [text(`… +${more}`)]];
}
