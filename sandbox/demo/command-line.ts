import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMPILED_CODE } from '../compiled-code.ts';
import type { Transcript } from './transcript.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** Somebody at a terminal, in a folder of their own, with the real `titanic` command. */
export interface CommandLine {
  /** Runs it, shows what it printed, and returns that with its exit code. `offline`: nothing leads to AWS or Slack. */
  titanic(words: string, how?: 'offline'): Promise<{ readonly code: number | null; readonly printed: string }>;
  read(file: string): string;
  write(file: string, text: string): void;
  close(): void;
}

export function openCommandLine(transcript: Transcript, env: Readonly<{ [name: string]: string }>): CommandLine {
  const folder = mkdtempSync(join(tmpdir(), 'titanic-demo-'));
  return {
    async titanic(words, how) {
      const child = spawn(process.execPath, [CLI, ...words.split(' ')], {
        cwd: folder,
        env: {
          PATH: process.env.PATH ?? '',
          HOME: folder,
          NO_COLOR: '1',
          ...COMPILED_CODE,
          ...(how === 'offline' ? {} : env),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let printed = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          printed += text;
        });
      }
      await once(child, 'close');
      transcript.shows(`$ npx titanic ${words}`, printed.trimEnd());
      return { code: child.exitCode, printed };
    },
    read: (file) => readFileSync(join(folder, file), 'utf8'),
    write: (file, text) => writeFileSync(join(folder, file), text),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
