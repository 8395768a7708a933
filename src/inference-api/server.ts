/** The HTTP side: what comes before and after every request, and the routes. Listens to nothing by itself. */
import cors from '@fastify/cors';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from '../ports/logger.ts';
import type { Authenticator } from './auth/caller.ts';
import type { RateLimit } from './auth/rate-limit.ts';
import { beginCall, isInferenceId } from './call.ts';
import type { InferenceConfig } from './config.ts';
import { createGuard } from './guard.ts';
import type { OpenRequests } from './in-flight.ts';
import { PROBLEM_MEDIA_TYPE, Problem, problemBody } from './problems.ts';
import { addDocs } from './routes/docs.ts';
import { addModel } from './routes/model.ts';
import { addOperations, type Readiness } from './routes/operations.ts';
import { addPredict, type PredictDeps } from './routes/predict.ts';
import { securityHeaders } from './security-headers.ts';
import type { Serving } from './serving/serving.ts';

export interface ServerDeps extends Omit<PredictDeps, 'serving' | 'timeouts'> {
  readonly config: InferenceConfig;
  readonly authenticator: Authenticator;
  readonly rateLimit: RateLimit;
  readonly serving: Serving;
  readonly readiness: Readiness;
  readonly log: Logger;
  readonly open: OpenRequests;
  readonly isDraining: () => boolean;
}

/** A whole request with its body may take this much longer to come in than its headers, milliseconds. */
const BODY_MARGIN_MS = 30_000;
const QUIET_ROUTES = new Set(['/healthz', '/readyz', '/metrics']);
/** In the log and the metrics only, as nginx says it: nobody was there to be answered. */
const CALLER_LEFT = 499;
const BODY_TYPES = ['application/json', 'text/csv'];

/** Builds the server; `listen` and `close` are Fastify's own. */
export async function createInferenceServer(deps: ServerDeps): Promise<FastifyInstance> {
  const { config } = deps;
  const { timeouts } = config;
  const app = Fastify({
    logger: false,
    bodyLimit: config.limits.bodyBytes,
    keepAliveTimeout: timeouts.keepAliveMs,
    requestTimeout: timeouts.headersMs + BODY_MARGIN_MS,
    http: { headersTimeout: timeouts.headersMs, requestTimeout: timeouts.headersMs + BODY_MARGIN_MS },
    forceCloseConnections: 'idle',
    // What is still sent to a task that drains is answered like everything else.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => writeProblem(deps, problemOf(error), request, reply),
  });

  app.decorateRequest('call');
  const headers = { ...securityHeaders(), 'cache-control': 'no-store' };
  app.addHook('onRequest', (request, reply, done) => {
    deps.open.began(request, request.raw.socket, () => finished(deps, request, reply, CALLER_LEFT));
    reply.headers(headers);
    done(begin(request, reply));
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    // A task that stops takes no further requests on this connection; those that came before included.
    if (deps.isDraining()) reply.header('connection', 'close');
    done(null, payload);
  });
  app.addHook('onResponse', (request, reply, done) => {
    // Does not come where the caller left first, and may come late for one that was counted as having left.
    if (deps.open.ended(request)) finished(deps, request, reply, reply.statusCode);
    done();
  });
  // Not registered, no answer carries a CORS header, and a browser keeps other origins' pages out.
  if (config.corsOrigins.length > 0) {
    await app.register(cors, {
      origin: [...config.corsOrigins],
      methods: ['GET', 'POST'],
      credentials: false,
      exposedHeaders: ['x-inference-id', 'x-model-package-version', 'x-served-variant', 'retry-after'],
    });
  }
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(BODY_TYPES, { parseAs: 'string' }, (_, body, done) => done(null, body));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = problemOf(error);
    if (problem.code === 'internal-error') {
      const facts = { inferenceId: request.call.inferenceId, error: error.stack ?? String(error) };
      deps.log.error(facts, 'a request failed inside this service');
    }
    return writeProblem(deps, problem, request, reply);
  });
  app.setNotFoundHandler((request, reply) => writeProblem(deps, new Problem('not-found'), request, reply));

  addPredict(app, { ...deps, timeouts }, createGuard(deps, 'predict'));
  addModel(app, deps.serving, createGuard(deps, 'model'));
  addOperations(app, deps.readiness, deps.metrics, createGuard(deps, 'metrics'));
  addDocs(app);
  return app;
}

function begin(request: FastifyRequest, reply: FastifyReply): Problem | undefined {
  const call = beginCall(request.headers.traceparent, request.headers.tracestate);
  request.call = call;
  const given = request.headers['x-inference-id'];
  if (isInferenceId(given)) call.inferenceId = given;
  reply.header('x-inference-id', call.inferenceId);
  return given === undefined || isInferenceId(given) ? undefined : new Problem('malformed-inference-id');
}

/** One line and one count for each request; never its body, its address or its credentials. */
function finished(deps: ServerDeps, request: FastifyRequest, reply: FastifyReply, status: number): void {
  const call: FastifyRequest['call'] | undefined = request.call;
  // Refused by the framework before it was a request.
  if (call === undefined) return;
  const route = request.routeOptions.url ?? 'none';
  const { elapsedTime: ms } = reply;
  deps.metrics.requestFinished({ route, status, version: call.version, seconds: ms / 1_000 });
  if (QUIET_ROUTES.has(route)) return;
  deps.log.info(
    {
      method: request.method,
      route,
      status,
      ms: Math.round(ms * 100) / 100,
      modelMs: call.modelMs === undefined ? undefined : Math.round(call.modelMs * 100) / 100,
      attempts: call.attempts > 1 ? call.attempts : undefined,
      caller: call.caller,
      version: call.version,
      variant: call.variant,
      problem: call.problem,
      inferenceId: call.inferenceId,
      traceId: call.trace.traceId,
    },
    status === CALLER_LEFT ? 'the caller left before the answer' : 'answered',
  );
}

function problemOf(error: FastifyError | Problem | Error): Problem {
  if (error instanceof Problem) return error;
  const code = 'code' in error ? error.code : '';
  const status = 'statusCode' in error ? error.statusCode : undefined;
  if (code === 'FST_ERR_BAD_URL') return new Problem('not-found');
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || status === 413) return new Problem('body-too-large');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || status === 415) return new Problem('unsupported-media-type');
  if (status !== undefined && status >= 400 && status < 500) return new Problem('malformed-body');
  return new Problem('internal-error');
}

function writeProblem(deps: ServerDeps, problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // Requests that the framework itself refuses have not been through the hooks.
  request.call ??= beginCall(undefined, undefined);
  request.call.problem = problem.code;
  deps.metrics.problem(problem.code);
  const { retryAfterSeconds } = problem.parts;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
  return reply
    .code(problem.status)
    .header('content-type', PROBLEM_MEDIA_TYPE)
    .send(JSON.stringify(problemBody(problem, request.call.inferenceId)));
}
