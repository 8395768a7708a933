/** What became of a Home that was to be shown. */
export type HomeOutcome =
  /** `hash`: of what Slack shows now. */
  | { readonly kind: 'published'; readonly hash: string }
  /** `taken`: somebody else has published since the hash that was given. */
  | { readonly kind: 'failed'; readonly why: string; readonly taken: boolean; readonly retryAfterMs: number };

/** The Home tabs of people. Never throws. */
export interface HomeTab {
  /** @param hash what must be shown until now; null: whatever is */
  publish(person: string, view: object, hash: string | null): Promise<HomeOutcome>;
}
