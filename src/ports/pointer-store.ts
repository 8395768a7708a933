/** Where the inference API sends what it is asked, as the table has it. Plain data. */
export interface Pointer {
  /** Entry of the record that decided it; a greater one always wins. */
  readonly seq: number;
  readonly endpointName: string;
  /** What that endpoint was seen to run when this was decided. */
  readonly configName: string;
  /** Of the model package; null: not known. */
  readonly version: number | null;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * What became of a flip. `stands`: the table has exactly this one, written now or before. `overtaken`: another one
 * stands there that this one may not take the place of: of a later entry, or of this one and changed by somebody.
 * `unclear`: no answer, or one that says nothing; to be sent again.
 */
export type FlipOutcome =
  | { readonly kind: 'stands' }
  | { readonly kind: 'overtaken'; readonly by: Pointer | null }
  | { readonly kind: 'unclear'; readonly why: string };

/** The pointer of each service: one item, strongly consistent. */
export interface PointerStore {
  /** null: there is none. Throws `Error` when it cannot be read, or cannot be understood. */
  pointer(service: string): Promise<Pointer | null>;
  /** Sent twice it is as good as once, and what a late sender sends never undoes a later flip. Never throws. */
  flip(service: string, pointer: Pointer): Promise<FlipOutcome>;
}
