import type { FastifyInstance } from 'fastify';
import type { Guard } from '../guard.ts';
import type { Metrics } from '../metrics.ts';

export interface Readiness {
  /** What is still missing; empty: ready. */
  missing(): readonly string[];
  /** What is not as it should be and keeps nobody from being answered. */
  stale(): readonly string[];
}

/**
 * Liveness, readiness and metrics. The load balancer asks `/healthz`: a model that fails must not make it take away
 * every task. Neither asks the model.
 */
export function addOperations(app: FastifyInstance, readiness: Readiness, metrics: Metrics, guard: Guard): void {
  app.get('/healthz', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_, reply) => {
    const missing = readiness.missing();
    reply.code(missing.length === 0 ? 200 : 503);
    return { status: missing.length === 0 ? 'ready' : 'not ready', missing, stale: readiness.stale() };
  });
  app.get('/metrics', { onRequest: guard }, async (_, reply) => {
    reply.header('content-type', metrics.registry.contentType);
    return metrics.registry.metrics();
  });
}
