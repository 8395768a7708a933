import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Context } from './context.ts';

type Files = Pick<Context, 'readFile' | 'writeNewFile' | 'replaceFile' | 'appendFile' | 'modeOf'>;

/** The files of this machine. */
export const localFiles: Files = {
  readFile: (path) => readFileSync(path, 'utf8'),
  writeNewFile: (path, text, mode) =>
    writeFileSync(path, text, { flag: 'wx', ...(mode === undefined ? {} : { mode }) }),
  replaceFile(path, text, mode) {
    // Beside it first: a full disk must not leave half a file, and nobody may read a secret meanwhile.
    // Under a name of its own, or what a run that was killed left behind would be in the way.
    const beside = `${path}.${randomUUID()}.new`;
    try {
      writeFileSync(beside, text, { flag: 'wx', mode });
      renameSync(beside, path);
    } catch (error) {
      rmSync(beside, { force: true });
      throw error;
    }
  },
  appendFile: (path, text) => appendFileSync(path, text),
  modeOf: (path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? null : found.mode & 0o777;
  },
};
