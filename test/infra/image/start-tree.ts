import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { lastOf, readDockerfile, stepsOf, variablesOf } from './dockerfile.ts';

/** What was seen of a target's tree, started as the Dockerfile starts it. */
export interface Started {
  readonly healthy: boolean;
  /** By the image's own HEALTHCHECK command. */
  readonly healthCheck: boolean;
  readonly exitCode: number | null;
  /** Whether it ran as the Dockerfile's user; else as whoever runs the tests. */
  readonly asOther: boolean;
  readonly tail: string;
}

const HEALTHY_WITHIN_MS = 30_000;
const POLL_MS = 200;

/** Takes every right to write from everybody, starts the command as the image's user, asks for health, stops it. */
export async function startTree(root: string, target: string, env: Readonly<Record<string, string>>): Promise<Started> {
  const steps = stepsOf(readDockerfile(), target);
  const [uid, gid] = (lastOf(steps, 'USER') ?? '').split(':').map(Number);
  execFileSync('chmod', ['-R', 'a-w,a+rX', root]);
  // Only root may become somebody else.
  const asOther = process.getuid?.() === 0;
  const identity = asOther && uid !== undefined && gid !== undefined ? { uid, gid } : {};
  const cwd = join(root, lastOf(steps, 'WORKDIR') ?? '/');
  const port = String(await freePort());
  const own = Object.entries(variablesOf(steps)).map(([name, value]) => [name, value.replace(/^\/app(?=\/)/, cwd)]);
  const environment = { ...Object.fromEntries(own), ...env, PORT: port };
  const command = (text: string | null) => {
    const [, ...args] = JSON.parse((text ?? '[]').replace(/^.*?CMD /, '')) as string[];
    return args;
  };
  const options = { cwd, env: environment, ...identity };
  const child = spawn(process.execPath, command(lastOf(steps, 'CMD')), {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      tail = `${tail}${text}`.slice(-2_000);
    });
  }
  const healthy = await becomesHealthy(child, port);
  const check = spawn(process.execPath, command(lastOf(steps, 'HEALTHCHECK')), { ...options, stdio: 'ignore' });
  const [checked] = await once(check, 'exit');
  if (child.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  execFileSync('chmod', ['-R', 'u+w', root]);
  return { healthy, healthCheck: checked === 0, exitCode: child.exitCode, asOther, tail };
}

async function becomesHealthy(child: ChildProcess, port: string): Promise<boolean> {
  const until = Date.now() + HEALTHY_WITHIN_MS;
  while (Date.now() < until && child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
    if (answer?.ok === true) return true;
    await wait(POLL_MS);
  }
  return false;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
