import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { COMPILED_CODE } from './compiled-code.ts';
import { freePort } from './free-port.ts';

/** The inference API as a process of its own, told by nothing but environment variables. */
export interface InferenceProcess {
  readonly pid: number;
  readonly url: string;
  readonly port: number;
  /** Resolves when the process is gone, what was in flight answered. */
  end(): Promise<void>;
  /** The last lines of its log. */
  tail(): readonly string[];
  /** Processor time used so far, milliseconds; null where the system does not say. */
  cpuMs(): number | null;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LINES_KEPT = 50;
const ALIVE_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 30;
/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;

/** Starts it on a free port of 127.0.0.1; resolves once it is alive. It is ready when there is an endpoint. */
export async function startInferenceApi(env: Readonly<Record<string, string>>): Promise<InferenceProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, ['src/inference-api/main.ts'], {
    cwd: ROOT,
    env: { ...COMPILED_CODE, INFERENCE_API_DRAIN_SECONDS: '0', ...env, HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const tail = tailOf(child);
  const url = `http://127.0.0.1:${port}`;
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const gone = once(child, 'exit');
  const untilMs = Date.now() + ALIVE_WITHIN_MS;
  for (let alive = false; !alive; ) {
    alive = (await fetch(`${url}/healthz`).catch(() => null))?.ok === true;
    if (alive) break;
    if (ended() || Date.now() > untilMs) {
      child.kill('SIGKILL');
      throw new Error(`The inference API is not alive.\n${tail.join('\n')}`);
    }
    await wait(LOOK_EVERY_MS);
  }
  return {
    pid: child.pid ?? -1,
    url,
    port,
    tail: () => [...tail],
    async end() {
      if (ended()) return;
      child.kill('SIGTERM');
      await gone;
    },
    cpuMs: () => cpuOf(child.pid),
  };
}

function tailOf(child: ChildProcess): string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      lines.push(...text.split('\n').filter((line) => line !== ''));
      lines.splice(0, Math.max(0, lines.length - LINES_KEPT));
    });
  }
  return lines;
}

function cpuOf(pid: number | undefined): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return null;
  }
}
