import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import process from 'node:process';

export interface BenchProcess {
  readonly port: number;
  /** Processor time used so far, milliseconds; null where the system does not say. */
  cpuMs(): number | null;
  end(): Promise<void>;
}

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

/** A script of this folder that prints its port as its first line and ends with its parent. */
export async function startBench(script: string, env: Readonly<Record<string, string>>): Promise<BenchProcess> {
  const child = spawn(process.execPath, [new URL(script, import.meta.url).pathname], {
    env,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (child.stdout === null) throw new Error(`${script} has no output.`);
  const [line] = await once(child.stdout, 'data');
  child.stdout.resume();
  return benchProcess(child, Number(String(line).trim()));
}

export function benchProcess(child: ChildProcess, port: number): BenchProcess {
  return {
    port,
    cpuMs: () => (child.pid === undefined ? null : cpuOf(child.pid)),
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function cpuOf(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return null;
  }
}
