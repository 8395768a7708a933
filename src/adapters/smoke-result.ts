import type { SmokeNumbers, SmokeResult } from '../rollout/events.ts';
import {
  type CaseReport,
  type GeneratorReport,
  type LoadReport,
  SMOKE_REASONS,
  type SmokeJudgement,
  type SmokeReport,
} from '../smoke/types.ts';

/** A report and its judgement as the log keeps them. */
export function smokeResult(report: SmokeReport, judgement: SmokeJudgement): SmokeResult {
  const { candidate, prod, generator } = report;
  return {
    verdict: judgement.verdict,
    why: judgement.reasons.length === 0 ? null : judgement.reasons.map((code) => SMOKE_REASONS[code]).join('; '),
    numbers: numbersOf(candidate, generator),
    findings: judgement.findings.map(({ check, measured, threshold, ok }) => {
      return { check, measured: String(measured), threshold: String(threshold), ok };
    }),
    cases: report.cases.map((one) => ({ name: one.name, ok: one.verdict === 'passed', why: whyNot(one) })),
    errorClasses: Object.fromEntries(Object.entries(candidate.errors).filter(([, count]) => count > 0)),
    compared: prod === undefined ? null : numbersOf(prod, generator),
    histogram: candidate.latency?.histogram ?? '',
  };
}

function numbersOf({ requests, latency, errorRate }: LoadReport, generator: GeneratorReport): SmokeNumbers {
  return {
    n: requests,
    p50Ms: latency?.p50Ms ?? null,
    p95Ms: latency?.p95Ms ?? null,
    p99Ms: latency?.p99Ms ?? null,
    p95LowMs: latency?.p95Interval?.lowMs ?? null,
    p95HighMs: latency?.p95Interval?.highMs ?? null,
    errorRate,
    latenessP99Ms: generator.latenessP99Ms,
    ...(latency === undefined ? {} : { percentiles: latency.percentiles }),
  };
}

function whyNot(one: CaseReport): string | null {
  switch (one.verdict) {
    case 'passed':
      return null;
    case 'failed':
      return one.reason;
    case 'unanswered':
      return `not answered (${one.errorClass})`;
    default:
      return one satisfies never;
  }
}
