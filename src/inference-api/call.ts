/** What is known of one request while it is answered; what the log and the metrics are written from. */
import { randomUUID } from 'node:crypto';
import type { ProblemCode } from './problems.ts';
import { type Trace, traceOf } from './trace.ts';

export interface Call {
  inferenceId: string;
  readonly trace: Trace;
  /** The caller's id; undefined: not known (yet). */
  caller: string | undefined;
  version: string | undefined;
  variant: string | undefined;
  modelMs: number | undefined;
  attempts: number;
  problem: ProblemCode | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    call: Call;
  }
}

const INFERENCE_ID = /^[\w.:-]{1,64}$/;

/** A request that just came in, with an inference id of ours until the caller's own is seen to be well formed. */
export function beginCall(traceparent: unknown, tracestate: unknown): Call {
  return {
    inferenceId: randomUUID(),
    trace: traceOf(single(traceparent), single(tracestate)),
    caller: undefined,
    version: undefined,
    variant: undefined,
    modelMs: undefined,
    attempts: 0,
    problem: undefined,
  };
}

export function isInferenceId(value: unknown): value is string {
  return typeof value === 'string' && INFERENCE_ID.test(value);
}

/** A header that came twice: not a value that can be believed. */
export function single(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
