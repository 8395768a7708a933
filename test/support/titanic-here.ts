import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { vi } from 'vitest';
import { runCli } from '../../src/cli/main.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import { silentLogger } from './aws-env.ts';

/** What a command printed, and how it ended. */
export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The `titanic` command in this process, which is quicker than in one of its own. */
export async function titanicHere(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Said> {
  const said = { out: '', err: '' };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const into = (name: 'out' | 'err') => ({
    write: (text: string) => {
      said[name] += text;
    },
  });
  const code = await runCli(words, {
    terminal: createTerminal(into('out'), into('err'), {}),
    env,
    readFile: (path) => readFileSync(path, 'utf8'),
    writeNewFile: (path, text) => writeFileSync(path, text, { flag: 'wx' }),
    appendFile: (path, text) => appendFileSync(path, text),
    log: silentLogger,
    stop: new AbortController().signal,
  });
  vi.unstubAllEnvs();
  return { code, ...said };
}
