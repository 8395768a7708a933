/** Who calls, and what they may. */
export const SCOPES = ['predict', 'model', 'metrics'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Caller {
  /** The key's id, or the token's issuer and subject: for logs and limits, never a secret. */
  readonly id: string;
  readonly scopes: ReadonlySet<Scope>;
  /** Requests per minute on the long run, and how many at once. null: no limit. */
  readonly rate: Rate | null;
}

export interface Rate {
  readonly perMinute: number;
  readonly burst: number;
}

/** What a request brings to say who it is. */
export interface Credentials {
  /** The Authorization header, whole. */
  readonly authorization: string | undefined;
  /** The X-API-Key header. */
  readonly apiKey: string | undefined;
}

/** null: nobody that is known. `uncheckable`: the keys to check it with, ours or the issuer's, cannot be read. */
export type Found = Caller | null | 'uncheckable';

/** Decides who calls. Never rejects. */
export interface Authenticator {
  /** The `WWW-Authenticate` of a refusal. */
  readonly challenge: string;
  authenticate(credentials: Credentials): Found | Promise<Found>;
  /** False until callers can be told apart: the keys, or the issuer's, have not been read yet. */
  isReady(): boolean;
  start(): Promise<void>;
  stop(): void;
}

const BEARER = /^Bearer ([A-Za-z0-9\-._~+/]+=*)$/i;

/** What stands behind "Bearer " (RFC 6750, section 2.1). */
export function bearerOf(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
}

/** Everybody may everything: only where the configuration says so in words. */
export function createOpenDoor(): Authenticator {
  const everybody: Caller = { id: 'everybody', scopes: new Set(SCOPES), rate: null };
  return {
    challenge: '',
    authenticate: () => everybody,
    isReady: () => true,
    start: async () => {},
    stop: () => {},
  };
}
