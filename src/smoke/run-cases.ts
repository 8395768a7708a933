import type { SmokeCase } from '../config-types.ts';
import { compileExpectation } from './expect.ts';
import { invokeOnce } from './invoke-once.ts';
import { failedCase } from './report.ts';
import type { CaseReport, InvokeResult, SmokeRunInput } from './types.ts';

/** How often a case is tried, and how long after another, where its request did not reach the model. */
export const CASE_ATTEMPTS = 3;
export const CASE_RETRY_MS = 1_000;

export type CasesInput = Pick<SmokeRunInput, 'smoke' | 'candidate' | 'clock' | 'mayProbe'> & {
  readonly onAnswer: (answer: Extract<InvokeResult, { kind: 'answer' }>) => void;
};

/** Each case once, one after the other. `undefined`: `mayProbe` said no. */
export async function runCases(input: CasesInput): Promise<readonly CaseReport[] | undefined> {
  const reports: CaseReport[] = [];
  for (const example of input.smoke.cases) {
    const result = await invokeUntilReached(example, input);
    if (result === undefined) return undefined;
    if (result.kind === 'answer') input.onAnswer(result);
    reports.push(reportOf(example, result, input.smoke.timeoutMs));
  }
  return reports;
}

async function invokeUntilReached(example: SmokeCase, input: CasesInput): Promise<InvokeResult | undefined> {
  const { candidate, clock, mayProbe, smoke } = input;
  const request = { contentType: example.contentType, body: example.body, timeoutMs: smoke.timeoutMs };
  for (let attempt = 1; ; attempt += 1) {
    if (!mayProbe()) return undefined;
    const result = await invokeOnce(candidate, request, clock);
    // What the model answered is never asked again: a wrong answer that is right the second time is wrong.
    if (result.kind === 'answer' || isModels(result) || attempt === CASE_ATTEMPTS) return result;
    await clock.sleepUntil(clock.monotonicMs() + CASE_RETRY_MS);
  }
}

function reportOf(example: SmokeCase, result: InvokeResult, timeoutMs: number): CaseReport {
  const { name } = example;
  if (result.kind === 'error') {
    if (!isModels(result)) return { name, verdict: 'unanswered', errorClass: result.errorClass };
    if (result.errorClass === 'timeout') return failedCase(name, `no answer within ${timeoutMs} ms`);
    const status = result.status === undefined ? '' : ` (status ${result.status})`;
    return failedCase(name, `the model answered with an error${status}`);
  }
  const expectation = compileExpectation(example.expect);
  if (!expectation.ok) return failedCase(name, `the expectation cannot be used: ${expectation.fault}`);
  const verdict = expectation.test(result.body);
  return verdict.ok ? { name, verdict: 'passed' } : failedCase(name, verdict.reason);
}

function isModels(result: Extract<InvokeResult, { kind: 'error' }>): boolean {
  return result.errorClass === 'timeout' || result.errorClass === 'model';
}
