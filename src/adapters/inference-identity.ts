import { InvokeEndpointCommand, type SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { IdentitySource, RuntimeAddress, SigningIdentity } from '../inference-api/ports.ts';

/** Temporary credentials are renewed this long before they expire, milliseconds; the SDK does the same. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** How soon a renewal that failed is tried again, milliseconds. */
const RENEW_AGAIN_MS = 10_000;
/** Those that do not say when they end are asked for again this often, milliseconds: a file's keys may be exchanged. */
const LOOK_AGAIN_MS = 5_000;
/** And how soon while there are no valid ones, milliseconds. */
const WITHOUT_AGAIN_MS = 1_000;

/** What the SDK's providers hand out. */
export interface Provided extends SigningIdentity {
  readonly expiration?: Date | undefined;
}

/**
 * What a provider hands out, at hand for each request: asked once, and again before the credentials expire, or every few
 * seconds where they do not say when. That runs beside the requests: what is still valid is used meanwhile, and where
 * nothing is found in its place.
 */
export function createIdentity(provide: () => Promise<Provided>, nowMs: () => number): IdentitySource {
  let known: SigningIdentity | undefined;
  let renewAtMs = 0;
  let expiresAtMs = 0;
  let renewing: Promise<SigningIdentity> | undefined;
  let failure: { readonly error: unknown } | undefined;

  /** When the provider is asked again after it gave nothing of use: not at every request. */
  function againAtMs(): number {
    const now = nowMs();
    return Math.min(now + RENEW_AGAIN_MS, Math.max(expiresAtMs, now + WITHOUT_AGAIN_MS));
  }

  async function renew(): Promise<SigningIdentity> {
    try {
      const { accessKeyId, secretAccessKey, sessionToken, expiration } = await provide();
      known = { accessKeyId, secretAccessKey, sessionToken };
      expiresAtMs = expiration?.getTime() ?? Number.POSITIVE_INFINITY;
      // Some sources hand out credentials in their last minutes.
      renewAtMs =
        expiration === undefined ? nowMs() + LOOK_AGAIN_MS : Math.max(expiresAtMs - RENEW_BEFORE_MS, againAtMs());
      failure = undefined;
      return known;
    } catch (error) {
      renewAtMs = againAtMs();
      failure = { error };
      throw error;
    } finally {
      renewing = undefined;
    }
  }

  function renewed(): Promise<SigningIdentity> {
    renewing ??= renew();
    return renewing;
  }

  return {
    current() {
      const now = nowMs();
      if (known === undefined || now >= expiresAtMs) {
        if (now >= renewAtMs || renewing !== undefined) return renewed();
        if (failure !== undefined) return Promise.reject(failure.error);
        // Handed out as expired: whether they are is AWS's to say, by its own clock.
        return known ?? renewed();
      }
      // Whoever has valid ones does not wait, and does not fail with the renewal either.
      if (now >= renewAtMs) renewed().catch(() => {});
      return known;
    },
  };
}

/** Region and address as the SDK would use them, whatever `AWS_ENDPOINT_URL…`, FIPS or a profile say. */
export async function readRuntimeAddress(client: SageMakerRuntimeClient): Promise<RuntimeAddress> {
  const region = await client.config.region();
  let origin: string | undefined;
  // The SDK itself is asked where it would send an invocation; it stops before anything is signed or sent.
  const command = new InvokeEndpointCommand({ EndpointName: 'where', Body: new Uint8Array() });
  command.middlewareStack.add(
    () => async (args) => {
      origin = originOf(args.request);
      throw new Error('only the address was asked for');
    },
    { step: 'build', priority: 'low', name: 'readRuntimeAddress' },
  );
  const stopped = await client.send(command).catch((error: unknown) => error);
  if (origin === undefined) {
    throw new Error(`the SDK names no address of the SageMaker runtime: ${String(stopped)}`, { cause: stopped });
  }
  return { origin, region };
}

function originOf(request: unknown): string | undefined {
  const parts: { protocol?: unknown; hostname?: unknown; port?: unknown; path?: unknown } =
    typeof request === 'object' && request !== null ? request : {};
  if (typeof parts.protocol !== 'string' || typeof parts.hostname !== 'string') return undefined;
  // The signer knows one path; an address with a path of its own in front would need another.
  if (parts.path !== '/endpoints/where/invocations') throw new Error("the runtime's address must not have a path");
  const port = typeof parts.port === 'number' ? `:${parts.port}` : '';
  return `${parts.protocol}//${parts.hostname}${port}`;
}
