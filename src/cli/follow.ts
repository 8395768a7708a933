import type { ServiceState } from '../rollout/state.ts';
import type { Composed } from './compose-cli.ts';
import type { ExitCode } from './context.ts';
import { entryLines } from './entry-words.ts';
import type { Terminal } from './terminal.ts';

/** How it came out, for the exit code and in words. */
export interface Verdict {
  readonly code: ExitCode;
  readonly words: string;
}

export interface Following {
  readonly service: string;
  /** The rollout or rollback; its number is that of its first entry. */
  readonly subject: string;
  /** null: not yet. */
  readonly verdict: (state: ServiceState) => Verdict | null;
  /** What goes on now, for the progress line. */
  readonly doing: (state: ServiceState) => string;
  readonly takeOverAfterMs: number;
  readonly atMostMs: number;
  /** Plain lines for each entry; not with `--json`. */
  readonly narrate: boolean;
  readonly stop: AbortSignal;
}

const POLL_MS = 500;

/**
 * Waits for the end of a rollout or a rollback, which a running bot carries out. Where none has taken it up after a
 * while, this process does the passes itself: by the protocol it is one replica more, so being wrong does no harm.
 */
export async function follow(composed: Composed, terminal: Terminal, what: Following): Promise<Verdict> {
  const { engine, clock } = composed;
  const { service, subject, verdict, takeOverAfterMs, atMostMs, stop } = what;
  const startedMs = clock.elapsedMs();
  const first = Number(subject.slice(subject.lastIndexOf('-') + 1));
  let shownSeq = first - 1;
  let writer: string | null = null;
  let takenUp = false;
  let problem: string | null = null;

  /** Shows what is new, and sees whether somebody else is at work. */
  async function catchUp(to: number): Promise<void> {
    if (to <= shownSeq) return;
    const entries = await engine.entries(service, shownSeq + 1, to);
    if (entries.kind === 'unknown') return;
    for (const entry of entries.value) {
      writer ??= entry.writer;
      if (entry.writer !== writer) takenUp = true;
      if (what.narrate) for (const line of entryLines(entry, subject)) terminal.out(line);
      shownSeq = entry.seq;
    }
  }

  while (!stop.aborted) {
    const state = await engine.state(service);
    const waitedMs = clock.elapsedMs() - startedMs;
    if (state.kind === 'known') {
      problem = null;
      await catchUp(state.value.seq);
      const reached = verdict(state.value);
      if (reached !== null) {
        terminal.progress('');
        return reached;
      }
      if (what.narrate) terminal.progress(`${subject}: ${what.doing(state.value)} (${clockWords(waitedMs)})`);
    } else if (problem !== state.why) {
      problem = state.why;
      terminal.err(`The record cannot be read right now (${problem}); still trying.`);
    }
    if (waitedMs >= atMostMs) {
      return { code: 1, words: `Not over after ${clockWords(atMostMs)}; it goes on without this command.` };
    }
    if (!takenUp && waitedMs >= takeOverAfterMs) {
      takenUp = true;
      terminal.err('No running bot has taken it up, so this process carries it out; do not stop it.');
      engine.start();
    }
    await clock.sleep(POLL_MS, stop);
  }
  return { code: 1, words: 'Stopped waiting. What was recorded stands; a running bot carries it out.' };
}

function clockWords(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
