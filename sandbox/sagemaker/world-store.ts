/** Keeps the emulated account on disk, so that a restarted sandbox goes on where it stopped. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SavedSeries } from './cloudwatch/metric-store.ts';
import type { ClockSegment } from './emulated-clock.ts';
import type { Fault } from './faults.ts';
import type { JournalEntry } from './journal.ts';
import { emptyWorld, type World } from './world.ts';

const FORMAT = 1;

export interface SavedState {
  readonly world: World;
  readonly faults: readonly Fault[];
  readonly speed: number;
  /** How emulated time has passed. */
  readonly clock: readonly ClockSegment[];
  /** Only asked for where they are written: they are many. */
  readonly metrics: () => readonly SavedSeries[];
}

export interface WorldStore {
  load(): { state: SavedState | undefined; journal: JournalEntry[] };
  /** Replaces the file whole: a reader or a crash sees the old state or the new one, never half of one. */
  save(state: SavedState): void;
  appendJournal(entry: JournalEntry): void;
}

/** A store that keeps nothing. */
export const noStore: WorldStore = {
  load: () => ({ state: undefined, journal: [] }),
  save: () => {},
  appendJournal: () => {},
};

/** State in `path`, the journal in `path` + `.journal.jsonl`. Throws at load if the file is of another format. */
export function fileStore(path: string): WorldStore {
  const journalPath = `${path}.journal.jsonl`;
  mkdirSync(dirname(path), { recursive: true });
  return {
    load() {
      if (!existsSync(path)) {
        // A journal without its state tells of another account.
        rmSync(journalPath, { force: true });
        return { state: undefined, journal: [] };
      }
      return { state: parseState(readFileSync(path, 'utf8'), path), journal: readJournal(journalPath) };
    },
    save(state) {
      const temporary = `${path}.${process.pid}.tmp`;
      writeFileSync(
        temporary,
        JSON.stringify({ format: FORMAT, ...state, metrics: state.metrics(), world: plain(state.world) }),
      );
      renameSync(temporary, path);
    },
    appendJournal: (entry) => appendFileSync(journalPath, `${JSON.stringify(entry)}\n`),
  };
}

function plain(world: World): Record<string, unknown> {
  return Object.fromEntries(Object.entries(world).map(([name, map]) => [name, [...map]]));
}

/** The file is the emulator's own and its format is checked, so its shape is taken as written. */
function parseState(text: string, path: string): SavedState {
  const saved = JSON.parse(text) as Partial<Omit<SavedState, 'world' | 'metrics'>> & {
    readonly format?: number;
    readonly metrics?: readonly SavedSeries[];
    readonly world: Record<string, []>;
  };
  if (saved.format !== FORMAT) throw new Error(`${path} was not written by this emulator; start with another file.`);
  const maps = Object.keys(emptyWorld()).map((name) => [name, new Map(saved.world[name] ?? [])]);
  const { faults = [], speed = 1, clock = [], metrics = [] } = saved;
  return { faults, speed, clock, metrics: () => metrics, world: Object.fromEntries(maps) as World };
}

function readJournal(path: string): JournalEntry[] {
  if (!existsSync(path)) return [];
  const entries: JournalEntry[] = [];
  const text = readFileSync(path, 'utf8');
  // Ends a torn last line, so that the next entry starts on a line of its own.
  if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n');
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      entries.push(JSON.parse(line) as JournalEntry);
    } catch {
      // A line torn by a crash was never acknowledged by a written state.
    }
  }
  return entries;
}
