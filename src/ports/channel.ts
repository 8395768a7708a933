/** A message as Slack takes it: blocks, and the plain text that says the same. */
export interface Rendered {
  readonly text: string;
  readonly blocks: readonly object[];
}

export type PostOutcome =
  | { readonly kind: 'posted'; readonly ts: string }
  /** The message or channel is gone for good: `gone`; else try again after `retryAfterMs`. */
  | { readonly kind: 'failed'; readonly why: string; readonly gone: boolean; readonly retryAfterMs: number };

/** The configured channel, as the announcer writes to it. Never throws. */
export interface Channel {
  readonly id: string;
  post(message: Rendered, threadTs: string | null): Promise<PostOutcome>;
  update(ts: string, message: Rendered): Promise<PostOutcome>;
}
