import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { COMPILED_CODE } from './compiled-code.ts';

/** The bot as a process of its own, told by nothing but environment variables where Slack and AWS are. */
export interface BotProcess {
  readonly pid: number;
  readonly url: string;
  /** Resolves once `/readyz` says yes. Rejects, with the last of what it logged, when the bot ended or took too long. */
  ready(withinMs?: number): Promise<void>;
  /** `SIGKILL`: no chance to clean up; `SIGTERM`: a clean stop. Resolves when the process is gone. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** The last lines of its log. */
  tail(): readonly string[];
  /** How many lines it has logged. */
  lines(): number;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LINES_KEPT = 50;
const READY_WITHIN_MS = 20_000;
const READY_POLL_MS = 50;

/** `heard` gets everything that it writes, on either stream. */
export function startBot(env: Readonly<Record<string, string>>, heard?: (text: string) => void): BotProcess {
  const child: ChildProcess = spawn(process.execPath, ['src/main.ts'], {
    cwd: ROOT,
    env: { ...COMPILED_CODE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  let logged = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      heard?.(text);
      const more = text.split('\n').filter((line) => line !== '');
      logged += more.length;
      lines.push(...more);
      lines.splice(0, Math.max(0, lines.length - LINES_KEPT));
    });
  }
  const gone = once(child, 'exit');
  const url = `http://127.0.0.1:${env.PORT ?? '3000'}`;
  const ended = () => child.exitCode !== null || child.signalCode !== null;

  return {
    pid: child.pid ?? -1,
    url,
    tail: () => [...lines],
    lines: () => logged,
    async ready(withinMs = READY_WITHIN_MS) {
      const until = Date.now() + withinMs;
      while (!ended() && Date.now() < until) {
        const answer = await fetch(`${url}/readyz`).catch(() => null);
        if (answer?.ok === true) return;
        await wait(READY_POLL_MS);
      }
      throw new Error(`The bot is not ready.\n${lines.join('\n')}`);
    },
    async end(signal) {
      if (ended()) return;
      child.kill(signal);
      await gone;
    },
  };
}
