/** What keeps a bot from being ready, or, beside `ok`, what somebody has to look at all the same. */
export type Trouble =
  | 'stopping'
  | 'slack-unknown'
  | 'no-socket'
  | 'table-unusable'
  | 'record-unusable'
  | 'record-not-whole'
  | 'record-newer'
  | 'something-missing'
  | 'channel-untold';

/** Whether requests can be worked on. */
export interface Readiness {
  readonly ok: boolean;
  /** In words, for `/readyz`. */
  readonly detail: string;
  /** The same for programs. */
  readonly trouble: readonly Trouble[];
}

/** `fine`: there, active, with our keys. */
export type TableCheck =
  | { readonly kind: 'fine' }
  | { readonly kind: 'problem'; readonly why: string; readonly todo: string };
