import { FEWEST_SAMPLES } from './interval.ts';
import type { Finding, LoadReport, SmokeJudgement, SmokeReason, SmokeReport, SmokeThresholds } from './types.ts';

/** The load is void if the generator's lateness p99 is above both of these. */
const LATE_MS = 25;
const LATE_SHARE_OF_LIMIT = 0.2;

/** These speak against the model; every other reason leaves it open. */
const AGAINST_THE_MODEL: readonly SmokeReason[] = ['wrong-variant', 'case-failed', 'too-many-errors', 'too-slow'];

type Check = { readonly finding: Finding; readonly reason?: SmokeReason };

/**
 * Facts and limits in, verdict out. By the point values; the interval of p95 is only shown.
 *
 * `failed` needs something that speaks against the model. What keeps requests from reaching it (throttling, no
 * connection, no such endpoint, AWS itself) never does: then the run is `inconclusive`, and so is one whose
 * generator was late. A wrong answer or a foreign variant stays wrong however late it was asked for, so these fail
 * a run whose load is void. Whatever is not known to be good is not `passed`. Numbers of prod decide nothing.
 */
export function judge(report: SmokeReport, thresholds: SmokeThresholds): SmokeJudgement {
  const lateness = checkLateness(report, thresholds);
  const load = [checkErrors(report.candidate, thresholds), checkLatency(report.candidate, thresholds)];
  const late = lateness.reason !== undefined;
  const checks: readonly Check[] = [
    checkVariant(report),
    ...report.cases.map(checkCase),
    // The load of a late generator says nothing either way: it is shown, but gives no reason.
    ...load.map((check) => (late ? { finding: check.finding } : check)),
    lateness,
  ];
  const given = new Set(checks.flatMap(({ reason }) => (reason === undefined ? [] : [reason])));
  const against = AGAINST_THE_MODEL.filter((reason) => given.has(reason));
  const open = [...given].filter((reason) => !AGAINST_THE_MODEL.includes(reason));
  const findings = checks.map(({ finding }) => finding);
  if (against.length > 0) return { verdict: 'failed', reasons: [...against, ...open], findings };
  if (open.length > 0) return { verdict: 'inconclusive', reasons: open, findings };
  return { verdict: 'passed', reasons: [], findings };
}

function checkVariant({ variant }: SmokeReport): Check {
  const { expected, seen, unnamed } = variant;
  const foreign = seen.some((name) => name !== expected);
  const known = seen.length > 0 && unnamed === 0;
  const measured = [...seen, ...(known ? [] : ['unknown'])].join(', ');
  const finding = { check: 'variant', measured, threshold: expected, ok: known && !foreign };
  if (foreign) return { finding, reason: 'wrong-variant' };
  if (known) return { finding };
  return { finding, reason: unnamed > 0 ? 'variant-unknown' : 'too-few-answers' };
}

function checkCase(report: SmokeReport['cases'][number]): Check {
  const finding = { check: `case ${report.name}`, threshold: 'passed' };
  switch (report.verdict) {
    case 'passed':
      return { finding: { ...finding, measured: 'passed', ok: true } };
    case 'failed':
      return { finding: { ...finding, measured: report.reason, ok: false }, reason: 'case-failed' };
    case 'unanswered': {
      const measured = `not answered (${report.errorClass})`;
      return { finding: { ...finding, measured, ok: false }, reason: 'not-the-model' };
    }
    default: {
      const unknown: never = report;
      throw new Error(`unknown case verdict ${JSON.stringify(unknown)}`);
    }
  }
}

function checkErrors({ errors, errorRate, requests }: LoadReport, { maxErrorRate }: SmokeThresholds): Check {
  const ok = requests > 0 && errorRate <= maxErrorRate;
  const finding = { check: 'error rate', measured: errorRate, threshold: maxErrorRate, ok };
  if (ok) return { finding };
  const ofTheModel = (errors.model + errors.timeout) / Math.max(1, requests);
  return { finding, reason: ofTheModel > maxErrorRate ? 'too-many-errors' : 'not-the-model' };
}

function checkLatency({ latency, timed }: LoadReport, { maxP95Ms }: SmokeThresholds): Check {
  const finding = { check: 'p95 ms', measured: latency?.p95Ms ?? 'not measured', threshold: maxP95Ms };
  if (latency === undefined || timed < FEWEST_SAMPLES) {
    return { finding: { ...finding, ok: false }, reason: 'too-few-answers' };
  }
  const ok = latency.p95Ms <= maxP95Ms;
  return ok ? { finding: { ...finding, ok } } : { finding: { ...finding, ok }, reason: 'too-slow' };
}

function checkLateness({ generator }: SmokeReport, { maxP95Ms }: SmokeThresholds): Check {
  const threshold = Math.max(LATE_MS, LATE_SHARE_OF_LIMIT * maxP95Ms);
  const ok = generator.latenessP99Ms <= threshold;
  const finding = { check: 'generator lateness p99 ms', measured: generator.latenessP99Ms, threshold, ok };
  return ok ? { finding } : { finding, reason: 'generator-late' };
}
