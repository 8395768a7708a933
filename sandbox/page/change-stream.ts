import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Sandbox } from '../start-sandbox.ts';
import { panelState } from './panel-state.ts';
import type { RecordFeed } from './record-feed.ts';

/** How often SageMaker, the bot and the record are looked at while somebody has the page open. */
const LOOK_EVERY_MS = 400;
/** The longest wait for a change of Slack before it is asked again. */
const SLACK_WAIT_MS = 5_000;
/** Changes of Slack closer together than this are told as one. */
const SLACK_GATHER_MS = 60;

interface Listener {
  readonly response: ServerResponse;
  lastSeq: number;
  lastPanel: string;
}

/** Tells open pages what changes: `slack` (look again), `panel` (as it is now), `record` (new entries). */
export interface ChangeStream {
  open(request: IncomingMessage, response: ServerResponse): void;
  /** Looks at once instead of at the next beat. */
  nudge(): void;
  close(): void;
}

export function createChangeStream(sandbox: Sandbox, record: RecordFeed): ChangeStream {
  const listeners = new Set<Listener>();
  const ending = new AbortController();
  let beat = new AbortController();

  const tell = ({ response }: Listener, event: string, data: string) => {
    response.write(`event: ${event}\ndata: ${data}\n\n`);
  };

  async function lookOnce(): Promise<void> {
    const panel = await panelState(sandbox);
    const text = JSON.stringify(panel);
    const known = text.replace(/"nowMs":[\d.]+/, '');
    const from = Math.min(...[...listeners].map(({ lastSeq }) => lastSeq));
    const entries = Number.isFinite(from) ? await record.after(from) : [];
    for (const listener of listeners) {
      if (listener.lastPanel !== known) tell(listener, 'panel', text);
      listener.lastPanel = known;
      const fresh = entries.filter(({ seq }) => seq > listener.lastSeq);
      if (fresh.length > 0) tell(listener, 'record', JSON.stringify(fresh));
      listener.lastSeq = fresh.at(-1)?.seq ?? listener.lastSeq;
    }
  }

  async function watchWorld(): Promise<void> {
    while (listeners.size > 0 && !ending.signal.aborted) {
      // One look that fails, such as while everything closes, must not end the page's eyes.
      await lookOnce().catch(() => undefined);
      beat = new AbortController();
      await wait(LOOK_EVERY_MS, undefined, { signal: beat.signal }).catch(() => undefined);
    }
  }

  async function watchSlack(): Promise<void> {
    let { revision } = await sandbox.slack.control.workspace();
    while (listeners.size > 0 && !ending.signal.aborted) {
      const next = await sandbox.slack.control.waitForChange({ after: revision, timeoutMs: SLACK_WAIT_MS });
      const changed = next.revision !== revision;
      revision = next.revision;
      // A comment line keeps a silent connection open, and finds out about one that is gone.
      for (const listener of listeners) {
        if (changed) tell(listener, 'slack', String(revision));
        else listener.response.write(': still here\n\n');
      }
      await wait(SLACK_GATHER_MS, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  }

  /** Runs one watcher at a time for as long as somebody listens; each begins anew on its own. */
  function kept(watch: () => Promise<void>): () => void {
    let running = false;
    return function start() {
      if (running || listeners.size === 0 || ending.signal.aborted) return;
      running = true;
      void watch()
        .catch(() => undefined)
        .then(() => {
          running = false;
          start();
        });
    };
  }

  const watchers = [kept(watchWorld), kept(watchSlack)];

  return {
    open(request, response) {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
      response.write('retry: 1000\n\nevent: hello\ndata: {}\n\n');
      const listener: Listener = { response, lastSeq: 0, lastPanel: '' };
      listeners.add(listener);
      request.on('close', () => listeners.delete(listener));
      beat.abort();
      for (const start of watchers) start();
    },
    nudge: () => beat.abort(),
    close() {
      ending.abort();
      beat.abort();
      for (const { response } of listeners) response.end();
      listeners.clear();
    },
  };
}
