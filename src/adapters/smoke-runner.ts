import type { ServiceConfig, SmokeConfig } from '../config-types.ts';
import type { Endpoints } from '../ports/endpoints.ts';
import type { SmokeRunner } from '../ports/smoke-runner.ts';
import { type Environment, VARIANT } from '../rollout/candidate.ts';
import type { SmokePurpose } from '../rollout/events.ts';
import { FEWEST_SAMPLES } from '../smoke/interval.ts';
import { judge } from '../smoke/judge.ts';
import { longestRunMs, runSmoke } from '../smoke/run.ts';
import type { ModelClient, SmokeClock } from '../smoke/types.ts';
import { smokeResult } from './smoke-result.ts';

export interface SmokeRunnerDeps {
  readonly services: readonly Pick<ServiceConfig, 'name' | 'smoke' | 'prod'>[];
  readonly modelClient: (service: string, environment: Environment) => ModelClient;
  readonly endpoints: Pick<Endpoints, 'describe'>;
  readonly clock: SmokeClock;
}

/** Prod's own check measures this long, unless the configured run is shorter. */
const CHECK_SECONDS = 5;
/** Looking at the endpoint before the first and after the last probe, with retries. */
const LOOKS_MS = 30_000;

/** The longest that a claim of this configuration may last, milliseconds; runs of every purpose fit into it. */
export function smokeLongestMs(smoke: SmokeConfig): number {
  return longestRunMs(smoke) + LOOKS_MS;
}

/** Runs the load, judges it, and makes of it what the log keeps. */
export function createSmokeRunner({ services, modelClient, endpoints, clock }: SmokeRunnerDeps): SmokeRunner {
  return {
    run: async (name, environment, purpose, mayProbe) => {
      const service = services.find((one) => one.name === name);
      if (service === undefined) throw new Error(`no service ${name} is configured`);
      const smoke = smokeOf(service.smoke, environment, purpose);
      const compare = smoke.compareWithProd && (await isServing(endpoints, service.prod.endpointName));
      const run = await runSmoke({
        smoke: { ...smoke, compareWithProd: compare },
        candidate: modelClient(name, environment),
        ...(compare ? { prod: modelClient(name, 'prod') } : {}),
        expectedVariant: VARIANT,
        clock,
        mayProbe,
      });
      return run.outcome === 'abandoned' ? null : smokeResult(run.report, judge(run.report, smoke));
    },
  };
}

/** What a run of this purpose measures: prod's check is short, and prod is never compared with itself. */
export function smokeOf(smoke: SmokeConfig, environment: Environment, purpose: SmokePurpose): SmokeConfig {
  const compareWithProd = smoke.compareWithProd && environment === 'staging' && purpose !== 'check';
  if (purpose !== 'check') return { ...smoke, compareWithProd };
  // Below this many samples p95 has no interval, and the verdict would be inconclusive.
  const enough = Math.max(FEWEST_SAMPLES, Math.ceil(CHECK_SECONDS * smoke.ratePerSecond));
  return { ...smoke, compareWithProd, requests: Math.min(smoke.requests, enough) };
}

/** Before the first promotion there is nothing to compare with, and comparing decides nothing. */
async function isServing(endpoints: Pick<Endpoints, 'describe'>, endpointName: string): Promise<boolean> {
  const seen = await endpoints.describe('prod', endpointName);
  return seen.kind === 'known' && (seen.value?.status === 'InService' || seen.value?.status === 'Updating');
}
