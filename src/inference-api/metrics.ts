/** What Prometheus is told: requests, latencies and refusals, each by the model version that answered. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ProblemCode } from './problems.ts';

export interface FinishedRequest {
  /** The route's pattern, never the path as sent. */
  readonly route: string;
  readonly status: number;
  /** As `x-model-package-version`; undefined where no model answered or its version is not known. */
  readonly version: string | undefined;
  readonly seconds: number;
}

export interface Metrics {
  readonly registry: Registry;
  requestFinished(request: FinishedRequest): void;
  /** One question to the model, a second attempt included. */
  modelAsked(outcome: string, version: string | undefined, seconds: number): void;
  problem(code: ProblemCode): void;
  retried(): void;
  servedModelRead(result: 'ok' | 'failed'): void;
  pointerRead(result: 'ok' | 'failed'): void;
}

export interface MetricsDeps {
  readonly inFlight: () => number;
  /** Versions that serve now; several during an update. */
  readonly servedVersions: () => readonly string[];
  /** undefined: no pointer is followed, or it was not read yet. */
  readonly pointer: () => { readonly seq: number; readonly readAgoMs: number } | undefined;
}

// Seconds. A model of this kind answers in milliseconds; the last one is what SageMaker allows a container.
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** During an update two versions may have answered; as a label of its own that stays one series. */
function label(version: string | undefined): string {
  if (version === undefined) return 'unknown';
  return version.includes(',') ? 'changing' : version;
}

/** Metrics with a registry of their own. */
export function createMetrics({ inFlight, servedVersions, pointer }: MetricsDeps): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'titanic_inference_requests_total',
    help: 'Requests answered.',
    labelNames: ['route', 'status', 'version'],
    registers,
  });
  const latency = new Histogram({
    name: 'titanic_inference_request_seconds',
    help: 'From the first byte of a request to the last of its answer.',
    labelNames: ['route', 'version'],
    buckets: BUCKETS,
    registers,
  });
  const model = new Histogram({
    name: 'titanic_inference_model_seconds',
    help: 'SageMaker as seen from here, second attempts included.',
    labelNames: ['outcome', 'version'],
    buckets: BUCKETS,
    registers,
  });
  const problems = new Counter({
    name: 'titanic_inference_problems_total',
    help: 'Requests that ended in a problem.',
    labelNames: ['code'],
    registers,
  });
  const retries = new Counter({ name: 'titanic_inference_retries_total', help: 'Second attempts.', registers });
  const reads = new Counter({
    name: 'titanic_inference_served_model_reads_total',
    help: 'Readings of which model serves.',
    labelNames: ['result'],
    registers,
  });
  new Gauge({
    name: 'titanic_inference_in_flight',
    help: 'Questions to the model, from before their bodies are read to its answer.',
    registers,
    collect() {
      this.set(inFlight());
    },
  });
  new Gauge({
    name: 'titanic_inference_served_model',
    help: '1 for each version that serves now.',
    labelNames: ['version'],
    registers,
    collect() {
      this.reset();
      for (const version of servedVersions()) this.set({ version }, 1);
    },
  });

  const pointerReads = addPointer(registers, pointer);

  return {
    registry,
    requestFinished({ route, status, version, seconds }) {
      const shown = label(version);
      requests.inc({ route, status, version: shown });
      latency.observe({ route, version: shown }, seconds);
    },
    modelAsked: (outcome, version, seconds) => model.observe({ outcome, version: label(version) }, seconds),
    problem: (code) => problems.inc({ code }),
    retried: () => retries.inc(),
    servedModelRead: (result) => reads.inc({ result }),
    pointerRead: (result) => pointerReads.inc({ result }),
  };
}

/** Without a value where no pointer is followed: an alarm on its age must not fire there, nor rest on a made-up 0. */
function addPointer(registers: Registry[], pointer: MetricsDeps['pointer']): Counter<'result'> {
  const gauge = (name: string, help: string, value: (of: { seq: number; readAgoMs: number }) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.reset();
        const now = pointer();
        if (now === undefined) this.remove();
        else this.set(value(now));
      },
    });
  gauge('titanic_inference_pointer_age_seconds', 'Since the pointer was last read.', (of) => of.readAgoMs / 1_000);
  gauge('titanic_inference_pointer_entry', "Entry of titanic's record that the pointer is of.", (of) => of.seq);
  return new Counter({
    name: 'titanic_inference_pointer_reads_total',
    help: 'Readings of the pointer.',
    labelNames: ['result'],
    registers,
  });
}
