/** What SageMaker writes about an endpoint: its invocations as they come, and its instances' load when asked. */
import type { EmulatedClock } from '../emulated-clock.ts';
import type { InstanceUse } from '../endpoint/fleet-ledger.ts';
import type { MetricKey, MetricSource, MetricStore } from './metric-store.ts';
import { merged, type Summary, summaryOf } from './summary.ts';

const INVOCATIONS = 'AWS/SageMaker';
const INSTANCES = '/aws/sagemaker/Endpoints';
const MINUTE_MS = 60_000;
const MICROSECONDS = 1_000;
/** What the service adds to each invocation. A guess. */
const OVERHEAD_MS = 4;
/** Of an instance that does nothing, percent. Guesses, as is what a busy one takes. */
const IDLE_CPU = 2;
const IDLE_MEMORY = 18;
const MEMORY_PER_CPU = 0.1;

export interface SeenInvocation {
  readonly endpoint: string;
  readonly variant: string;
  /** Of the fleet that answered; `null` while the endpoint was never updated. */
  readonly configName: string | null;
  /** Of the variant, in this fleet and in all. */
  readonly instances: { readonly ofFleet: number; readonly inAll: number };
  /** What the container answered, and how long it took. */
  readonly status: number;
  readonly modelMs: number;
  readonly resolutionMs: number;
}

/** Writes one invocation into the metrics, with and without its fleet. */
export function writeInvocation(metrics: MetricStore, atMs: number, seen: SeenInvocation): void {
  const { endpoint, variant, configName, instances, status, modelMs } = seen;
  const dimensions = { EndpointName: endpoint, VariantName: variant };
  writeAll(dimensions, instances.inAll);
  if (configName !== null) writeAll({ ...dimensions, EndpointConfigName: configName }, instances.ofFleet);

  function writeAll(of: Readonly<Record<string, string>>, count: number): void {
    const values = {
      Invocations: 1,
      InvocationsPerInstance: count === 0 ? 1 : 1 / count,
      Invocation4XXErrors: Number(status >= 400 && status < 500),
      Invocation5XXErrors: Number(status >= 500),
      InvocationModelErrors: Number(status >= 300),
      ModelLatency: modelMs * MICROSECONDS,
      OverheadLatency: OVERHEAD_MS * MICROSECONDS,
    };
    for (const [name, value] of Object.entries(values))
      metrics.add({ namespace: INVOCATIONS, name, dimensions: of }, atMs, seen.resolutionMs, summaryOf(value, 1));
  }
}

/** The store, and beside it CPUUtilization and MemoryUtilization, which follow from invocations and running instances. */
export function withInstanceMetrics(
  metrics: MetricStore,
  clock: EmulatedClock,
  uses: ReadonlyMap<string, InstanceUse>,
  now: () => number,
): MetricSource {
  const usesOf = ({ dimensions }: MetricKey) =>
    [...uses.values()].filter(
      ({ endpoint, variant, configName }) =>
        endpoint === dimensions.EndpointName &&
        variant === dimensions.VariantName &&
        (dimensions.EndpointConfigName ?? configName) === configName,
    );
  const since = ({ fromMs }: InstanceUse) => clock.emulatedAt(fromMs);
  const until = ({ toMs }: InstanceUse) => (toMs === undefined ? Number.POSITIVE_INFINITY : clock.emulatedAt(toMs));

  function minute(key: MetricKey, fromMs: number): Summary | undefined {
    const count = usesOf(key)
      .filter((use) => since(use) < fromMs + MINUTE_MS && until(use) > fromMs)
      .reduce((sum, use) => sum + use.count, 0);
    if (count === 0) return undefined;
    const latency = metrics.between(
      { namespace: INVOCATIONS, name: 'ModelLatency', dimensions: key.dimensions },
      fromMs,
      fromMs + MINUTE_MS,
    );
    // One core is busy as long as a request is in the container; four of them would be 400 %.
    const cpu = IDLE_CPU + (100 * (latency?.sum ?? 0)) / MICROSECONDS / MINUTE_MS / count;
    if (key.name === 'CPUUtilization') return summaryOf(cpu, 1);
    return key.name === 'MemoryUtilization' ? summaryOf(IDLE_MEMORY + MEMORY_PER_CPU * cpu, 1) : undefined;
  }

  return {
    between(key, fromMs, toMs) {
      if (key.namespace !== INSTANCES) return metrics.between(key, fromMs, toMs);
      let all: Summary | undefined;
      // A minute that is not over has no load yet.
      const end = Math.min(toMs, clock.emulatedAt(now()));
      for (let at = Math.ceil(fromMs / MINUTE_MS) * MINUTE_MS; at + MINUTE_MS <= end; at += MINUTE_MS) {
        const one = minute(key, at);
        if (one !== undefined) all = merged(all, one);
      }
      return all;
    },
    firstFrom(key, fromMs) {
      if (key.namespace !== INSTANCES) return metrics.firstFrom(key, fromMs);
      const starts = usesOf(key).flatMap((use) => (until(use) > fromMs ? [Math.max(fromMs, since(use))] : []));
      return starts.length === 0 ? undefined : Math.ceil(Math.min(...starts) / MINUTE_MS) * MINUTE_MS;
    },
  };
}
