import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Bare Bolt as a process of its own, on any free port. */
export async function startBareBolt(
  env: Readonly<Record<string, string>>,
  signingSecret: string,
): Promise<{
  readonly url: string;
  /** What it has used of a processor so far. Milliseconds. */
  cpuMs(): Promise<number>;
  end(): void;
}> {
  const bare = spawn(process.execPath, [new URL('bare-bolt.ts', import.meta.url).pathname], {
    env: { ...env, SLACK_SIGNING_SECRET: signingSecret },
    // Its channel ends with this process, and it with the channel.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (bare.stdout === null) throw new Error('The bare app has no output.');
  const [line] = await once(bare.stdout, 'data');
  return {
    url: `http://127.0.0.1:${Number(String(line).trim())}/slack/events`,
    async cpuMs() {
      bare.send('cpu');
      const [{ user, system }] = (await once(bare, 'message')) as [NodeJS.CpuUsage];
      return (user + system) / 1_000;
    },
    end: () => bare.kill(),
  };
}
