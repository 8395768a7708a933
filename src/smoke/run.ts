import type { SmokeConfig } from '../config-types.ts';
import { SETTLE_GRACE_MS } from './invoke-once.ts';
import { generatorReport, loadReport } from './report.ts';
import { CASE_ATTEMPTS, CASE_RETRY_MS, runCases } from './run-cases.ts';
import { runLoad } from './run-load.ts';
import type { InvokeResult, SmokeReport, SmokeRun, SmokeRunInput } from './types.ts';

const MOST_VARIANTS_SHOWN = 4;
/** What a run may take beyond its plan: late timers, a busy machine. */
const ALLOWANCE_MS = 5_000;

/**
 * Measures an endpoint: first each case once, then the load. It reads and writes nothing else, never throws for
 * what a model or a network does, and gives up as soon as `mayProbe` says no.
 */
export async function runSmoke(input: SmokeRunInput): Promise<SmokeRun> {
  let probesSent = 0;
  const mayProbe = () => {
    const may = input.mayProbe();
    if (may) probesSent += 1;
    return may;
  };
  const variants = variantsSeen();
  const observed = { ...input, mayProbe, onAnswer: variants.see };

  const cases = await runCases(observed);
  const load = cases === undefined ? undefined : await runLoad(observed);
  if (cases === undefined || load === undefined) return { outcome: 'abandoned', probesSent };

  const report: SmokeReport = {
    format: 1,
    ratePerSecond: input.smoke.ratePerSecond,
    warmUpRequests: input.smoke.warmUpRequests,
    variant: { expected: input.expectedVariant, ...variants.report() },
    cases,
    candidate: loadReport(load.candidate),
    ...(load.prod === undefined ? {} : { prod: loadReport(load.prod) }),
    generator: generatorReport(load.latenessUs),
  };
  return { outcome: 'measured', report };
}

/**
 * The longest that `runSmoke` takes with this configuration, in milliseconds, every request timing out.
 * For the claim's limit; looking at the endpoint before and after comes on top.
 */
export function longestRunMs(smoke: SmokeConfig): number {
  const perCaseMs = CASE_ATTEMPTS * (smoke.timeoutMs + SETTLE_GRACE_MS) + (CASE_ATTEMPTS - 1) * CASE_RETRY_MS;
  const planned = (smoke.warmUpRequests + smoke.requests) * (smoke.compareWithProd ? 2 : 1);
  const loadMs = (planned * 1000) / smoke.ratePerSecond + smoke.timeoutMs + SETTLE_GRACE_MS;
  return Math.ceil(smoke.cases.length * perCaseMs + loadMs) + ALLOWANCE_MS;
}

function variantsSeen() {
  const seen = new Set<string>();
  let unnamed = 0;
  return {
    see: ({ variant }: Extract<InvokeResult, { kind: 'answer' }>) => {
      if (variant === undefined) unnamed += 1;
      else if (seen.size < MOST_VARIANTS_SHOWN) seen.add(variant.slice(0, 63));
    },
    report: () => ({ seen: [...seen], unnamed }),
  };
}
