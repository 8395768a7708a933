/** nginx as a plain reverse proxy, where it is installed (or where NGINX_PATH says): the floor for anything in between. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../sandbox/free-port.ts';
import { type BenchProcess, benchProcess } from './bench-process.ts';

/** null: there is none. One worker, as the others are one process. */
export async function startNginx(upstreamPort: number): Promise<BenchProcess | null> {
  const binary = process.env.NGINX_PATH ?? 'nginx';
  if (spawnSync(binary, ['-v']).status !== 0) return null;
  const folder = mkdtempSync(join(tmpdir(), 'titanic-bench-nginx-'));
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder};`);
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/pid; error_log stderr crit;
events { worker_connections 512; }
http {
  access_log off; ${temporary.join(' ')}
  upstream runtime { server 127.0.0.1:${upstreamPort}; keepalive 128; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port}; keepalive_requests 100000000;
    location / { proxy_pass http://runtime; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}`,
  );
  const child = spawn(binary, ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (let looks = 0; looks < 100; looks += 1) {
    const reached = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST' }).catch(() => null);
    if (reached !== null) break;
    await wait(50);
  }
  const running = benchProcess(child, port);
  return {
    ...running,
    async end() {
      await running.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
