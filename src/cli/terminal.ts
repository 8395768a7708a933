import type { Variables } from '../environment.ts';

/** Where answers go. `out` is the answer itself, `err` what goes wrong or goes on meanwhile. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** One line that replaces itself; does nothing where nobody watches. */
  progress(text: string): void;
  paint(colour: Colour, text: string): string;
}

export type Colour = 'green' | 'red' | 'yellow' | 'bold' | 'dim';

/** The part of a process's stream that is used. */
export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const CODES: Readonly<Record<Colour, number>> = { green: 32, red: 31, yellow: 33, bold: 1, dim: 2 };
const ESCAPE = '\u001b[';
const CLEAR_LINE = `\r${ESCAPE}2K`;
const DEFAULT_COLUMNS = 80;

/** Colour and moving lines only on a terminal; `NO_COLOR` set to anything, or a dumb terminal: no colour. */
export function createTerminal(stdout: Stream, stderr: Stream, env: Variables): Terminal {
  const dumb = env.TERM === 'dumb';
  const coloured = stdout.isTTY === true && !dumb && !env.NO_COLOR;
  const moving = stderr.isTTY === true && !dumb;
  let shown = false;
  const clear = () => {
    if (shown) stderr.write(CLEAR_LINE);
    shown = false;
  };
  return {
    out(text) {
      clear();
      stdout.write(`${text}\n`);
    },
    err(text) {
      clear();
      stderr.write(`${text}\n`);
    },
    progress(text) {
      if (!moving) return;
      const columns = stderr.columns ?? DEFAULT_COLUMNS;
      stderr.write(`${CLEAR_LINE}${text.length < columns ? text : `${text.slice(0, columns - 2)}…`}`);
      shown = text !== '';
    },
    paint: (colour, text) => (coloured ? `${ESCAPE}${CODES[colour]}m${text}${ESCAPE}0m` : text),
  };
}

/** Columns as wide as their widest cell; the last one as it comes. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))))
    .map((row) => row.join('  ').trimEnd())
    .join('\n');
}
