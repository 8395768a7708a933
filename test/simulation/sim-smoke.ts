import type { SmokeRunner } from '../../src/ports/smoke-runner.ts';
import type { Environment } from '../../src/rollout/candidate.ts';
import type { SmokePurpose, SmokeResult } from '../../src/rollout/events.ts';
import type { Chance } from './chance.ts';
import type { SageMaker } from './sagemaker.ts';
import type { CallOut } from './sim-log-store.ts';
import type { Registry } from './sim-registry.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface Probe {
  readonly atMs: number;
  /** The config whose model answered; null: nothing answered. */
  readonly config: string | null;
  readonly lastModified: string | null;
}

/** What a run really measured, whatever is reported of it. Its id travels in the result's histogram. */
export interface Measurement {
  readonly id: string;
  readonly service: string;
  readonly environment: Environment;
  readonly purpose: SmokePurpose;
  readonly by: string;
  readonly probes: readonly Probe[];
}

export interface SmokeWatch {
  probeDeparts(measurement: Measurement): void;
}

export interface SmokeShape {
  readonly probes: number;
  readonly pauseMs: number;
  /** How often a run of a good model gives no verdict all the same. */
  readonly inconclusive: number;
}

const PROBE_TIMEOUT_MS = 2_000;

/** `boundless`: a mutant that does not ask whether it may go on. */
export function createSimSmoke(
  world: {
    readonly sagemaker: SageMaker;
    readonly registry: Registry;
    readonly time: VirtualTime;
    readonly chance: Chance;
    readonly measurements: Map<string, Measurement>;
    readonly endpointName: (service: string, environment: Environment) => string;
    readonly watch: SmokeWatch;
    readonly shape: SmokeShape;
  },
  by: string,
  call: CallOut,
  sleep: (ms: number) => Promise<void>,
  boundless: boolean,
): SmokeRunner {
  const { sagemaker, registry, time, chance, measurements, shape } = world;

  return {
    async run(service, environment, purpose, mayProbe) {
      const probes: Probe[] = [];
      const id = `m${measurements.size + 1}`;
      const measurement: Measurement = { id, service, environment, purpose, by, probes };
      measurements.set(id, measurement);
      const endpoint = sagemaker.endpoint(world.endpointName(service, environment));
      for (let i = 0; i < shape.probes; i++) {
        await sleep(shape.pauseMs * chance.between(0.7, 1.3));
        if (!mayProbe() && !boundless) return null;
        const probe = await call<Probe | null>({
          name: 'aws.invoke',
          detail: `${endpoint.name} ${id}`,
          weight: 2,
          timeoutMs: PROBE_TIMEOUT_MS,
          longestInFlightMs: PROBE_TIMEOUT_MS,
          departs: () => world.watch.probeDeparts(measurement),
          apply() {
            const { serving, seen } = endpoint.now;
            const config = serving.length === 0 ? null : chance.pick(serving);
            const probed = { atMs: time.nowMs, config, lastModified: seen?.lastModified ?? null };
            probes.push(probed);
            return probed;
          },
          lost: () => null,
        });
        if (probe === null) continue;
      }
      return judged(id, verdictOf(environment, probes));
    },
  };

  function verdictOf(environment: Environment, probes: readonly Probe[]): SmokeResult['verdict'] {
    if (probes.length < shape.probes / 2 || probes.some((p) => p.config === null)) return 'inconclusive';
    for (const probe of probes) {
      const arn = sagemaker.configs.get(probe.config ?? '')?.packageArn ?? null;
      if (arn === null) continue;
      const { answers } = registry.nature(arn);
      if (answers === 'wrong' || (answers === 'wrong-in-prod' && environment === 'prod')) return 'failed';
      if (answers === 'hard-to-measure' && chance.happens(0.7)) return 'inconclusive';
    }
    return chance.happens(shape.inconclusive) ? 'inconclusive' : 'passed';
  }
}

function judged(id: string, verdict: SmokeResult['verdict']): SmokeResult {
  return {
    verdict,
    why: verdict === 'passed' ? null : verdict,
    numbers: {
      n: 10,
      p50Ms: 10,
      p95Ms: 20,
      p99Ms: 30,
      p95LowMs: 18,
      p95HighMs: 22,
      errorRate: 0,
      latenessP99Ms: 1,
    },
    findings: [{ check: 'measurement', measured: id, threshold: '-', ok: verdict === 'passed' }],
    cases: [],
    errorClasses: {},
    compared: null,
    histogram: id,
  };
}
