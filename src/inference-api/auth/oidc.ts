/** Tokens of an OpenID Connect issuer, verified by `jose` against the keys that the issuer publishes. */
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { type Authenticator, bearerOf, type Rate, SCOPES } from './caller.ts';

export interface OidcDeps {
  readonly issuer: string;
  readonly audience: string;
  /** Where the keys are; absent: as the issuer's discovery document says. */
  readonly jwksUrl: string | undefined;
  /** Of each subject. */
  readonly rate: Rate;
  /** Milliseconds, only ever compared. */
  readonly nowMs: () => number;
  readonly onFault: (why: string) => void;
}

/** Signatures of a published key only: neither "none" nor a shared secret. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'];
const CLOCK_TOLERANCE_SECONDS = 30;
const DISCOVERY_MS = 5_000;
/** How often the issuer is asked again while it cannot be read. */
const AGAIN_MS = 5_000;
/** Keys that cannot be fetched for a token are told of at most this often. */
const FAULT_EVERY_MS = 60_000;

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });
/** `scope` is one text (RFC 9068); some issuers call it `scp`, some make a list of it. */
const claims = z.object({
  sub: z.string().min(1).max(255),
  scope: z.union([z.string(), z.array(z.string())]).optional(),
  scp: z.union([z.string(), z.array(z.string())]).optional(),
});

type KeySet = ReturnType<typeof createRemoteJWKSet>;

/** What is wrong with the token where no key is found for it; everything else is wrong with the keys. */
const OF_THE_TOKEN = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];

/** The issuer's keys cannot be read now. */
class KeysUnreadable extends Error {}

/** Callers with a bearer token. Scopes are the words `predict`, `model` and `metrics`, alone or after `titanic/` or `titanic:`. */
export function createOidc({ issuer, audience, jwksUrl, rate, nowMs, onFault }: OidcDeps): Authenticator {
  let keySet: KeySet | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let nextFaultMs = Number.NEGATIVE_INFINITY;

  async function discovered(): Promise<string> {
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const reply = await fetch(url, { signal: AbortSignal.timeout(DISCOVERY_MS), redirect: 'error' });
    const found = discovery.parse(await reply.json());
    if (found.issuer !== issuer) throw new Error('it names another issuer');
    return found.jwks_uri;
  }

  async function load(): Promise<void> {
    try {
      const found = createRemoteJWKSet(new URL(jwksUrl ?? (await discovered())));
      await found.reload();
      keySet = found;
    } catch (error) {
      onFault(`the issuer's configuration and keys cannot be read: ${wordsOf(error)}`);
      if (stopped) return;
      timer = setTimeout(() => void load(), AGAIN_MS);
      timer.unref();
    }
  }

  /** The key of a token; `jose` fetches the set again where it is old or does not hold the key. */
  function keyOf(keys: KeySet): JWTVerifyGetKey {
    return async (header, token) => {
      try {
        return await keys(header, token);
      } catch (error) {
        if (OF_THE_TOKEN.some((kind) => error instanceof kind)) throw error;
        const now = nowMs();
        if (now >= nextFaultMs) {
          nextFaultMs = now + FAULT_EVERY_MS;
          onFault(`the issuer's keys cannot be read: ${wordsOf(error)}`);
        }
        throw new KeysUnreadable('', { cause: error });
      }
    };
  }

  return {
    challenge: 'Bearer realm="titanic"',
    isReady: () => keySet !== undefined,
    async authenticate({ authorization }) {
      const token = bearerOf(authorization);
      if (token === undefined) return null;
      if (keySet === undefined) return 'uncheckable';
      try {
        const { payload } = await jwtVerify(token, keyOf(keySet), {
          issuer,
          audience,
          algorithms: ALGORITHMS,
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          requiredClaims: ['exp', 'sub'],
        });
        const { sub, scope, scp } = claims.parse(payload);
        return { id: `${issuer}#${sub}`, scopes: scopesIn([scope ?? scp ?? []].flat().join(' ')), rate };
      } catch (error) {
        // Whatever is wrong with a token is not told to whoever sent it.
        return error instanceof KeysUnreadable ? 'uncheckable' : null;
      }
    },
    start: load,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // What `fetch` itself says is no more than that it failed.
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

function scopesIn(words: string) {
  const given = new Set(words.split(' ').map((word) => word.replace(/^titanic[/:]/, '')));
  return new Set(SCOPES.filter((scope) => given.has(scope)));
}
