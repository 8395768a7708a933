import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type BotProcess, startBot } from '../../sandbox/bot-process.ts';
import type { Chance } from '../simulation/chance.ts';
import { LONGEST_STOP_MS } from './setting.ts';

/** How long a bot that is ready is left alone, shortest and longest. Milliseconds. */
const PAUSE_MS = [1_500, 12_000] as const;
/** A busy machine may take long to start one. */
const READY_WITHIN_MS = 60_000;
const SHORTEST_STOP_MS = 100;
/** Of ten misfortunes six are deaths, and four are stops. */
const KILLED = 0.6;

/** Bots that are killed and stopped at random moments, and started again. */
export interface Replicas {
  readonly killed: () => number;
  readonly stopped: () => number;
  /** Strikes the one of them that chance picks, now. */
  strike(): void;
  /** The last lines of their logs. */
  tails(): readonly string[];
  /** No more misfortunes; all run. Then ends them. */
  close(): Promise<void>;
}

export async function startReplicas(
  env: Readonly<Record<string, string>>,
  count: number,
  chance: Chance,
): Promise<Replicas> {
  let killed = 0;
  let stopped = 0;
  let closing = false;
  const closed = new AbortController();
  const replicas = await Promise.all(Array.from({ length: count }, () => replica()));
  const loops = replicas.map((one) => one.misfortunes());

  async function replica() {
    const port = await freePort();
    const start = () => startBot({ ...env, PORT: String(port) });
    let bot: BotProcess = start();
    await bot.ready(READY_WITHIN_MS);
    let busy = false;

    async function strike(): Promise<void> {
      if (busy || closing) return;
      busy = true;
      try {
        if (chance.happens(KILLED)) {
          killed += 1;
          await bot.end('SIGKILL');
          await pause(chance.spread(10, 2_000));
          bot = start();
          if (!closing) await bot.ready(READY_WITHIN_MS);
        } else {
          stopped += 1;
          process.kill(bot.pid, 'SIGSTOP');
          await pause(chance.spread(SHORTEST_STOP_MS, LONGEST_STOP_MS));
          process.kill(bot.pid, 'SIGCONT');
        }
      } finally {
        busy = false;
      }
    }

    return {
      strike,
      tail: () => bot.tail(),
      async misfortunes() {
        while (!closing) {
          await pause(chance.spread(...PAUSE_MS));
          await strike();
        }
      },
      end: () => bot.end('SIGTERM'),
    };
  }

  /** Ends early when everything does. */
  async function pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: closed.signal }).catch(() => undefined);
  }

  return {
    killed: () => killed,
    stopped: () => stopped,
    strike: () => void chance.pick(replicas).strike(),
    tails: () =>
      replicas.flatMap((one, index) =>
        one
          .tail()
          .slice(-5)
          .map((line) => `bot ${index}: ${line}`),
      ),
    async close() {
      closing = true;
      closed.abort();
      await Promise.all(loops);
      await Promise.all(replicas.map((one) => one.end()));
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
