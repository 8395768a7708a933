/** What the journey saw, and what of it was not so. */
export interface Claims {
  chapter(title: string): void;
  /** Goes on after a claim that does not hold, so that one run tells all of them. */
  claim(words: string, holds: boolean, seen?: string): void;
  failures(): number;
}

export function createClaims(print: (line: string) => void): Claims {
  let failed = 0;
  return {
    chapter: (title) => print(`\n${title}`),
    claim(words, holds, seen) {
      if (!holds) failed += 1;
      print(`  ${holds ? '✓' : '✗'} ${words}${seen === undefined || holds ? '' : `: ${seen}`}`);
    },
    failures: () => failed,
  };
}
