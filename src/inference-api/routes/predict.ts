import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Guard } from '../guard.ts';
import type { InFlight } from '../in-flight.ts';
import type { Metrics } from '../metrics.ts';
import { type Question, questionOfCsv, questionOfJson } from '../passenger.ts';
import { answerFor, bodyForModel } from '../prediction.ts';
import { problemOfOutcome } from '../problem-of-outcome.ts';
import { Problem } from '../problems.ts';
import type { RetryingInvoke } from '../runtime/retry.ts';
import type { Serving } from '../serving/serving.ts';

export interface PredictDeps {
  readonly invoke: RetryingInvoke;
  readonly serving: Pick<Serving, 'now'>;
  readonly inFlight: InFlight;
  readonly metrics: Metrics;
  /** Of one attempt, and of a request with its second one, milliseconds. */
  readonly timeouts: { readonly modelMs: number; readonly requestMs: number };
  readonly nowMs: () => number;
}

const FULL_RETRY_SECONDS = 1;
const UNKNOWN_RETRY_SECONDS = 2;
/** A body has this long to come in, milliseconds: while it does, it has a place that others want. */
const BODY_MS = 10_000;

/** POST /v1/predict: checks, asks, checks the answer. */
export function addPredict(app: FastifyInstance, deps: PredictDeps, guard: Guard): void {
  const { inFlight } = deps;
  /** Those that have a place and whose body is still being read. */
  const reading = new WeakMap<FastifyRequest, NodeJS.Timeout>();

  /** False: it was not being read (any more). */
  function stopReading(request: FastifyRequest): boolean {
    clearTimeout(reading.get(request));
    return reading.delete(request);
  }

  function refusal(request: FastifyRequest, reply: FastifyReply): Problem | undefined {
    const { 'content-encoding': encoding = 'identity' } = request.headers;
    if (encoding !== 'identity') return new Problem('unsupported-media-type');
    if (!inFlight.enter()) return new Problem('overloaded', { retryAfterSeconds: FULL_RETRY_SECONDS });
    const tooSlow = () => reply.header('connection', 'close').send(new Problem('body-too-slow'));
    reading.set(request, setTimeout(tooSlow, BODY_MS));
    return undefined;
  }

  /** Not worth reading the body of what will be refused anyway. */
  function refuseEarly(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
    done(refusal(request, reply));
  }

  /** Of a body that cannot be read, or comes too slowly, or whose sender left in the middle of it. */
  function leaveEarly(request: FastifyRequest, _: FastifyReply, __: Error, done: () => void): void {
    if (stopReading(request)) inFlight.leave();
    done();
  }

  const hooks = { onRequest: [guard, refuseEarly], onError: leaveEarly };
  app.post('/v1/predict', hooks, async (request, reply) => {
    stopReading(request);
    try {
      const question = questionIn(request);
      const answer = await ask(deps, question, request, reply);
      reply.header('content-type', question.kind === 'csv' ? 'text/csv; charset=utf-8' : 'application/json');
      return reply.send(answer);
    } finally {
      inFlight.leave();
    }
  });
}

function questionIn(request: FastifyRequest): Question {
  if (typeof request.body !== 'string') throw new Problem('unsupported-media-type');
  return request.mediaType === 'text/csv' ? questionOfCsv(request.body) : questionOfJson(request.body);
}

async function ask(deps: PredictDeps, question: Question, request: FastifyRequest, reply: FastifyReply) {
  const { call } = request;
  const startedMs = deps.nowMs();
  const known = deps.serving.now();
  if (known === undefined) throw new Problem('endpoint-unknown', { retryAfterSeconds: UNKNOWN_RETRY_SECONDS });
  const { target, outcome, attempts } = await deps.invoke(
    // Once it is known, it never is unknown again.
    () => deps.serving.now() ?? known,
    {
      ...bodyForModel(question),
      inferenceId: call.inferenceId,
      traceparent: call.trace.traceparent,
      tracestate: call.trace.tracestate,
      timeoutMs: deps.timeouts.modelMs,
    },
    deps.timeouts.requestMs,
  );
  call.modelMs = deps.nowMs() - startedMs;
  call.attempts = attempts;
  if (outcome.kind === 'answer') {
    call.variant = outcome.variant;
    call.version = target.versionOf(outcome.variant);
    if (call.variant !== undefined) reply.header('x-served-variant', call.variant);
    if (call.version !== undefined) reply.header('x-model-package-version', call.version);
  }
  const asked = outcome.kind === 'refused' ? outcome.refusal.name : outcome.kind;
  deps.metrics.modelAsked(asked, call.version, call.modelMs / 1_000);
  if (outcome.kind === 'answer') return answerFor(question, outcome.body);
  throw problemOfOutcome(outcome);
}
