/** Something that is wrong with a file of evidence. */
export interface Finding {
  readonly kind: 'file' | 'entry' | 'order' | 'link' | 'end' | 'summary' | 'newer';
  /** The entry that it is about; null: the file as a whole. */
  readonly seq: number | null;
  /** One sentence. */
  readonly says: string;
}

export function finding(kind: Finding['kind'], seq: number | null, says: string): Finding {
  return { kind, seq, says };
}
