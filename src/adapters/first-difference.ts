/** The name of the first field that is not the same; null: all are. */
export function firstDifference(fields: readonly (readonly [field: string, same: boolean])[]): string | null {
  return fields.find(([, same]) => !same)?.[0] ?? null;
}

/** Order does not matter; absent and empty are the same to AWS. */
export function sameSet(wanted: readonly string[] = [], seen: readonly string[] = []): boolean {
  const seenOnes = new Set(seen);
  return new Set(wanted).size === seenOnes.size && wanted.every((one) => seenOnes.has(one));
}

/** Absent and empty are the same to AWS. */
export function sameMap(
  wanted: Readonly<Record<string, string>>,
  seen: Readonly<Record<string, string>> = {},
): boolean {
  const keys = Object.keys(wanted);
  return keys.length === Object.keys(seen).length && keys.every((key) => seen[key] === wanted[key]);
}
