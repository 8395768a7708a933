import { defaultProvider } from '@aws-sdk/credential-provider-node';

type OwnCredentials = Awaited<ReturnType<ReturnType<typeof defaultProvider>>>;
type Provider = (options?: Record<string, unknown>) => Promise<OwnCredentials>;

/** What all clients of this process share to sign as itself. Throws while there are no credentials. */
export type OwnIdentity = Provider & { readonly memoized: true };

/** Credentials that do not say when they end are looked for again after this long. Milliseconds. */
const KEPT_MS = 30_000;

/**
 * The SDK's own chain (environment, profile, container, instance), with one difference: the SDK reads a credentials file
 * once and keeps what it found, or did not find, as long as the process lives. Keys that appear, are exchanged or
 * renewed in the file are found here without a restart. What was found before goes on being used where nothing is found.
 */
export function createOwnIdentity(
  options: { readonly keptMs?: number | undefined; readonly nowMs?: () => number } = {},
): OwnIdentity {
  const { keptMs = KEPT_MS, nowMs = () => performance.now() } = options;
  const newChain = (): Provider => defaultProvider({ ignoreCache: true });
  let chain = newChain();
  let held: OwnCredentials | undefined;
  let heldAtMs = 0;
  let asking: Promise<OwnCredentials> | undefined;

  async function askAnew(given: Record<string, unknown> | undefined): Promise<OwnCredentials> {
    // A chain keeps what it found, so only a new one looks again.
    const next = held === undefined ? chain : newChain();
    try {
      held = await next(given);
      chain = next;
    } catch (error) {
      if (held === undefined) throw error;
    } finally {
      heldAtMs = nowMs();
      asking = undefined;
    }
    return held;
  }

  const provider: Provider = async (given) => {
    // What ends is renewed by the chain itself, in time.
    if (held?.expiration !== undefined) held = await chain(given);
    const stands = held !== undefined && (held.expiration !== undefined || nowMs() - heldAtMs < keptMs);
    if (stands && held !== undefined) return held;
    asking ??= askAnew(given);
    return asking;
  };
  // The SDK would keep it for ever otherwise.
  return Object.assign(provider, { memoized: true } as const);
}
