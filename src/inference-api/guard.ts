/** Who may ask this, and whether there is room: decided before a body is read. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator, Caller, Scope } from './auth/caller.ts';
import type { RateLimit } from './auth/rate-limit.ts';
import { single } from './call.ts';
import { Problem } from './problems.ts';

export interface GuardDeps {
  readonly authenticator: Authenticator;
  readonly rateLimit: RateLimit;
}

/** An onRequest hook that lets only callers with this scope through. */
export function createGuard({ authenticator, rateLimit }: GuardDeps, scope: Scope) {
  return async function guard(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const found = authenticator.authenticate({
      authorization: request.headers.authorization,
      apiKey: single(request.headers['x-api-key']),
    });
    // Keys are looked up at once; only a token's signature has to be waited for.
    const caller: Caller | null = found instanceof Promise ? await found : found;
    if (caller === null) {
      reply.header('www-authenticate', authenticator.challenge);
      throw new Problem('not-authenticated');
    }
    request.call.caller = caller.id;
    const waitSeconds = rateLimit(caller);
    if (waitSeconds > 0) throw new Problem('too-many-requests', { retryAfterSeconds: waitSeconds });
    if (!caller.scopes.has(scope)) throw new Problem('not-allowed', { detail: `The scope "${scope}" is needed.` });
  };
}
