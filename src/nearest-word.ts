/** Longer words are not compared: the work grows with the product of the lengths, and no known word is longer. */
const LONGEST_COMPARED = 64;

/**
 * The known word that was probably meant, or `undefined` where none is near enough to be worth saying.
 * A beginning (`promo`) counts as near; otherwise a third of the letters, and always one, may be wrong.
 */
export function nearestWord<Known extends string>(word: string, known: readonly Known[]): Known | undefined {
  const typed = word.toLowerCase();
  if (typed.length === 0 || typed.length > LONGEST_COMPARED) return undefined;
  const begun = typed.length >= 3 ? known.filter((candidate) => candidate.toLowerCase().startsWith(typed)) : [];
  if (begun.length === 1) return begun[0];

  let nearest: Known | undefined;
  let fewest = Math.max(1, Math.floor(typed.length / 3)) + 1;
  for (const candidate of known) {
    const edits = editDistance(typed, candidate.toLowerCase());
    if (edits < fewest) {
      fewest = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

/**
 * Fewest insertions, deletions, replacements and swaps of neighbours that make one word of the other
 * (optimal string alignment, the restricted form of Damerau–Levenshtein distance).
 */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
