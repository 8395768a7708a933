import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isJsonObject, parseJson } from './json.ts';
import type { WorkspaceState } from './records.ts';

/** How long changes gather before they are written. A crash loses at most this much of the channel. */
const GATHER_MS = 150;

/**
 * Reads a saved workspace; undefined when there is none.
 * @throws when the file is there but is not a saved workspace, because starting empty would hide that.
 */
export function loadState(path: string): WorkspaceState | undefined {
  if (!existsSync(path)) return undefined;
  const saved = parseJson(readFileSync(path, 'utf8'));
  if (!isJsonObject(saved) || saved.version !== 1) {
    throw new Error(`${path} is not a saved local Slack; delete it to start with an empty one`);
  }
  return saved as unknown as WorkspaceState;
}

/** Writes the state to a file a little after each change. A reader sees the old or the new file, never half of one. */
export function createStateSaver(path: string, read: () => WorkspaceState) {
  let timer: NodeJS.Timeout | undefined;
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    mkdirSync(dirname(path), { recursive: true });
    const partial = `${path}.${process.pid}.tmp`;
    writeFileSync(partial, JSON.stringify(read()), { mode: 0o600 });
    renameSync(partial, path);
  };
  return {
    schedule() {
      timer ??= setTimeout(save, GATHER_MS);
    },
    flush: save,
  };
}
