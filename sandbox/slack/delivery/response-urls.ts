import { randomBytes } from 'node:crypto';

/** Slack's rules for a response URL. */
const LIFE_MS = 30 * 60_000;
const MAX_USES = 5;

/** What a response URL answers to. */
export interface ResponseOrigin {
  channel: string;
  user: string;
  /** The message that was clicked, if it was one. */
  messageTs?: string;
  threadTs?: string;
}

/** Hands out response URLs and counts their use. */
export function createResponseUrls(now: () => number, baseUrl: () => string) {
  const issued = new Map<string, { origin: ResponseOrigin; atMs: number; uses: number }>();
  return {
    issue(origin: ResponseOrigin): string {
      const id = randomBytes(16).toString('hex');
      issued.set(id, { origin, atMs: now(), uses: 0 });
      return `${baseUrl()}/response/${id}`;
    },
    /** The origin, or why the URL is no longer good. A use that is refused for its content counts too. */
    use(id: string): { origin: ResponseOrigin } | { error: 'invalid_url' | 'expired_url' | 'used_url' } {
      const known = issued.get(id);
      if (!known) return { error: 'invalid_url' };
      if (now() - known.atMs > LIFE_MS) return { error: 'expired_url' };
      if (known.uses >= MAX_USES) return { error: 'used_url' };
      known.uses += 1;
      return { origin: known.origin };
    },
  };
}

export type ResponseUrls = ReturnType<typeof createResponseUrls>;
