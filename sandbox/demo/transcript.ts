/** What the demo prints, and the one place where a claim can fail. */
export interface Transcript {
  act(title: string): void;
  /** Somebody does something. */
  does(who: string, what: string): void;
  /** Somebody, or the channel, is shown a message. */
  shows(where: string, message: string): void;
  note(words: string): void;
  /** Throws at the first claim that does not hold. */
  claim(words: string, holds: boolean, seen?: string): void;
  claims(): number;
}

/** A claim of the demo that did not hold. */
export class ClaimFailed extends Error {}

const WIDTH = 79;
const MARGIN = ' '.repeat(9);

export function createTranscript(print: (line: string) => void, nowMs: () => number): Transcript {
  const startedMs = nowMs();
  let acts = 0;
  let held = 0;
  const time = () => `${((nowMs() - startedMs) / 1_000).toFixed(1)} s`.padStart(7);
  return {
    act(title) {
      acts += 1;
      print('');
      const begins = `── ${acts}. ${title} `;
      print(begins + '─'.repeat(Math.max(3, WIDTH - begins.length)));
    },
    does: (who, what) => print(`${time()}  ${who} ${what}`),
    shows(where, message) {
      print(`${time()}  ${where}`);
      for (const line of message.split('\n')) print(`${MARGIN}│ ${line}`);
    },
    note: (words) => print(`${time()}  ${words}`),
    claim(words, holds, seen) {
      const found = seen === undefined ? '' : ` (${seen})`;
      if (!holds) throw new ClaimFailed(`${words}${found}`);
      held += 1;
      print(`${MARGIN}✓ ${words}${found}`);
    },
    claims: () => held,
  };
}
