import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Questions to whoever sits there, answered by one line each. */
export interface Prompts {
  /** The line without its end; null: nobody answers any more. `secret`: what is typed is not shown. */
  ask(question: string, secret?: boolean): Promise<string | null>;
  close(): void;
}

/** The part of a process's standard input that is used. */
export type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/**
 * Asks by Node's own readline. A library for prompts draws menus by cursor keys, which needs a terminal; here the same
 * lines come from a terminal, a pipe or a file, and each line that came early waits for its question.
 */
export function createPrompts(input: Input, output: { write(text: string): unknown }): Prompts {
  const terminal = input.isTTY === true;
  let muted = false;
  const shown = new Writable({
    write(chunk, _encoding, done) {
      // On a terminal readline itself shows what is typed.
      if (!muted) output.write(String(chunk));
      done();
    },
  });
  const lines = createInterface({ input, output: shown, terminal, historySize: 0 });
  const early: string[] = [];
  let waiting: ((line: string | null) => void) | undefined;
  let over = false;
  const hand = (line: string | null) => {
    const next = waiting;
    waiting = undefined;
    next?.(line);
  };
  lines.on('line', (line) => {
    if (waiting === undefined) early.push(line);
    else hand(line);
  });
  lines.on('close', () => {
    over = true;
    hand(null);
  });

  function nextLine(): Promise<string | null> {
    const line = early.shift();
    if (line !== undefined) return Promise.resolve(line);
    if (over) return Promise.resolve(null);
    return new Promise((resolve) => {
      waiting = resolve;
    });
  }

  return {
    async ask(question, secret = false) {
      output.write(question);
      muted = secret;
      try {
        return await nextLine();
      } finally {
        muted = false;
        // Nobody sees the Enter of what is hidden, or of what comes out of a pipe.
        if (secret || !terminal) output.write('\n');
      }
    },
    close: () => lines.close(),
  };
}
