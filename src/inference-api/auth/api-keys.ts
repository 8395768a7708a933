/**
 * API keys: only their SHA-256 is kept, and several are valid at once, so that a new one can be handed out before the
 * old one is taken away. A key is 32 random bytes, so a plain hash is enough: there is nothing to guess.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { TextSource } from '../ports.ts';
import { type Authenticator, bearerOf, type Caller, SCOPES } from './caller.ts';

export const KEY_PATTERN = /^titanic_[A-Za-z0-9_-]{43}$/;
const KEYS_MAX = 100;
/** Until the list was read once it is asked for this often, milliseconds, or as often as later if that is oftener. */
const FIRST_AGAIN_MS = 5_000;
/** A burst, where none is given: this share of a minute's requests. */
const BURST_SHARE = 1 / 6;

const keySchema = z.strictObject({
  id: z.string().regex(/^[\w.-]{1,64}$/),
  /** Of the key as it is sent. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  scopes: z.array(z.enum(SCOPES)).min(1),
  perMinute: z.int().min(1).max(1_000_000),
  /** Requests at once; default a sixth of a minute's. */
  burst: z.int().min(1).max(1_000_000).optional(),
  /** Not valid from this moment on. */
  expires: z.iso.datetime({ offset: true }).optional(),
});

export const keyFileSchema = z
  .strictObject({ keys: z.array(keySchema).max(KEYS_MAX) })
  .refine(({ keys }) => new Set(keys.map((key) => key.id)).size === keys.length, 'two keys have the same id')
  .refine(({ keys }) => new Set(keys.map((key) => key.sha256)).size === keys.length, 'two entries are of the same key');

export type KeyEntry = z.infer<typeof keySchema>;

interface KnownKey {
  readonly digest: Buffer;
  readonly expiresAtMs: number;
  readonly caller: Caller;
}

export interface ApiKeyDeps {
  readonly source: TextSource;
  /** How often the keys are read again, milliseconds. */
  readonly reloadEveryMs: number;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  /** Keys could not be read; those known before stay valid. */
  readonly onFault: (why: string) => void;
}

/** Keys from a file or a secret, read again now and then, so that rotation needs no restart. */
export function createApiKeys({ source, reloadEveryMs, nowMs, onFault }: ApiKeyDeps): Authenticator {
  let keys: readonly KnownKey[] | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function load(): Promise<void> {
    try {
      keys = readKeys(await source.read());
    } catch (error) {
      onFault(`the keys in ${source.name} cannot be read: ${wordsOf(error)}`);
    }
    if (stopped) return;
    timer = setTimeout(() => void load(), keys === undefined ? Math.min(FIRST_AGAIN_MS, reloadEveryMs) : reloadEveryMs);
    timer.unref();
  }

  return {
    challenge: 'Bearer realm="titanic"',
    isReady: () => keys !== undefined,
    authenticate({ authorization, apiKey }) {
      const presented = apiKey ?? bearerOf(authorization);
      if (presented === undefined || !KEY_PATTERN.test(presented)) return null;
      if (keys === undefined) return 'uncheckable';
      const digest = hash('sha256', presented, 'buffer');
      // Every key is compared, whichever matches, so that time tells nothing about where one stands.
      let found: KnownKey | null = null;
      for (const key of keys) if (timingSafeEqual(key.digest, digest)) found = key;
      return found !== null && nowMs() < found.expiresAtMs ? found.caller : null;
    },
    start: load,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Throws for what is not a list of keys. */
export function readKeys(text: string): readonly KnownKey[] {
  const { keys } = keyFileSchema.parse(JSON.parse(text));
  return keys.map(({ id, sha256, scopes, perMinute, burst, expires }) => ({
    digest: Buffer.from(sha256, 'hex'),
    expiresAtMs: expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires),
    caller: {
      id,
      scopes: new Set(scopes),
      rate: { perMinute, burst: burst ?? Math.max(1, Math.round(perMinute * BURST_SHARE)) },
    },
  }));
}

/** Where it is wrong, never what stands there: it may be a key. */
function wordsOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    return error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`).join('; ');
  }
  if (error instanceof SyntaxError) return 'not JSON';
  return error instanceof Error ? error.message : String(error);
}
