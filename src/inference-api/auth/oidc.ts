/** Tokens of an OpenID Connect issuer, verified by `jose` against the keys that the issuer publishes. */
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { z } from 'zod';
import { type Authenticator, bearerOf, type Rate, SCOPES } from './caller.ts';

export interface OidcDeps {
  readonly issuer: string;
  readonly audience: string;
  /** Where the keys are; absent: as the issuer's discovery document says. */
  readonly jwksUrl: string | undefined;
  /** Of each subject. */
  readonly rate: Rate;
  readonly onFault: (why: string) => void;
}

/** Signatures of a published key only: neither "none" nor a shared secret. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'];
const CLOCK_TOLERANCE_SECONDS = 30;
const DISCOVERY_MS = 5_000;
/** How often the issuer is asked again while it cannot be read. */
const AGAIN_MS = 5_000;

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });
/** `scope` is one text (RFC 9068); some issuers call it `scp`, some make a list of it. */
const claims = z.object({
  sub: z.string().min(1).max(255),
  scope: z.union([z.string(), z.array(z.string())]).optional(),
  scp: z.union([z.string(), z.array(z.string())]).optional(),
});

type KeySet = ReturnType<typeof createRemoteJWKSet>;

/** Callers with a bearer token. Scopes are the words `predict`, `model` and `metrics`, alone or after `titanic/` or `titanic:`. */
export function createOidc({ issuer, audience, jwksUrl, rate, onFault }: OidcDeps): Authenticator {
  let keySet: KeySet | undefined = jwksUrl === undefined ? undefined : createRemoteJWKSet(new URL(jwksUrl));
  let timer: NodeJS.Timeout | undefined;

  async function discover(): Promise<void> {
    if (keySet !== undefined) return;
    try {
      const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
      const reply = await fetch(url, { signal: AbortSignal.timeout(DISCOVERY_MS), redirect: 'error' });
      const found = discovery.parse(await reply.json());
      if (found.issuer !== issuer) throw new Error('it names another issuer');
      keySet = createRemoteJWKSet(new URL(found.jwks_uri));
    } catch (error) {
      onFault(`the issuer's configuration cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      timer = setTimeout(() => void discover(), AGAIN_MS);
      timer.unref();
    }
  }

  return {
    challenge: 'Bearer realm="titanic"',
    isReady: () => keySet !== undefined,
    async authenticate({ authorization }) {
      const token = bearerOf(authorization);
      if (token === undefined || keySet === undefined) return null;
      try {
        const { payload } = await jwtVerify(token, keySet, {
          issuer,
          audience,
          algorithms: ALGORITHMS,
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          requiredClaims: ['exp', 'sub'],
        });
        const { sub, scope, scp } = claims.parse(payload);
        return { id: `${issuer}#${sub}`, scopes: scopesIn([scope ?? scp ?? []].flat().join(' ')), rate };
      } catch {
        // Whatever is wrong with a token is not told to whoever sent it.
        return null;
      }
    },
    start: discover,
    stop: () => clearTimeout(timer),
  };
}

function scopesIn(words: string) {
  const given = new Set(words.split(' ').map((word) => word.replace(/^titanic[/:]/, '')));
  return new Set(SCOPES.filter((scope) => given.has(scope)));
}
