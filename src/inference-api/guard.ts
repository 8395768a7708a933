/** Who may ask this, and whether there is room: decided before a body is read. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator, Found, Scope } from './auth/caller.ts';
import type { RateLimit } from './auth/rate-limit.ts';
import { single } from './call.ts';
import { Problem } from './problems.ts';

export interface GuardDeps {
  readonly authenticator: Authenticator;
  readonly rateLimit: RateLimit;
}

/** About as long as it takes until the keys are asked for again. */
const UNCHECKABLE_SECONDS = 5;

/** An onRequest hook that lets only callers with one scope through. */
export type Guard = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;

export function createGuard({ authenticator, rateLimit }: GuardDeps, scope: Scope): Guard {
  function refusal(caller: Found, request: FastifyRequest, reply: FastifyReply): Problem | undefined {
    if (caller === 'uncheckable')
      return new Problem('credentials-uncheckable', { retryAfterSeconds: UNCHECKABLE_SECONDS });
    if (caller === null) {
      reply.header('www-authenticate', authenticator.challenge);
      return new Problem('not-authenticated');
    }
    request.call.caller = caller.id;
    const waitSeconds = rateLimit(caller);
    if (waitSeconds > 0) return new Problem('too-many-requests', { retryAfterSeconds: waitSeconds });
    if (!caller.scopes.has(scope)) return new Problem('not-allowed', { detail: `The scope "${scope}" is needed.` });
    return undefined;
  }

  return (request, reply, done) => {
    const found = authenticator.authenticate({
      authorization: request.headers.authorization,
      apiKey: single(request.headers['x-api-key']),
    });
    // Keys are looked up at once; only a token's signature has to be waited for.
    if (!(found instanceof Promise)) return done(refusal(found, request, reply));
    found.then((caller) => done(refusal(caller, request, reply)), done);
  };
}
