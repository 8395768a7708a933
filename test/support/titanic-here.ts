import { Readable } from 'node:stream';
import { vi } from 'vitest';
import { localFiles } from '../../src/cli/local-files.ts';
import { runCli } from '../../src/cli/main.ts';
import { createPrompts } from '../../src/cli/prompts.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import { silentLogger } from './aws-env.ts';

/** What a command printed, and how it ended. */
export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The `titanic` command in this process, which is quicker than in one of its own. `typed`: lines on standard input. */
export async function titanicHere(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  typed: readonly string[] = [],
): Promise<Said> {
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
    ...localFiles,
    interactive: false,
    prompts: () => createPrompts(Readable.from(typed.map((line) => `${line}\n`)), into('err')),
    log: silentLogger,
    stop: new AbortController().signal,
  });
  vi.unstubAllEnvs();
  return { code, ...said };
}
