import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Moto } from './moto.ts';

const SCRIPT = fileURLToPath(new URL('../../../infra/operator-keys.ts', import.meta.url));

/** What is done in this order, and the exit code that each step must have. */
const STEPS: readonly (readonly [words: string, code: number])[] = [
  ['status', 0],
  ['retire primary', 1],
  ['make primary', 0],
  ['make primary', 1],
  ['retire primary', 1],
  ['make rotation', 0],
  ['make rotation', 1],
  ['retire primary --delete', 1],
  ['retire primary', 0],
  ['retire primary --delete', 0],
  ['make primary', 0],
  ['status', 0],
  ['make tertiary', 2],
];

/** Plays a life of the operator's keys against moto; answers what was not as it must be. */
export async function playOperatorKeys(moto: Moto): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'titanic-keys-'));
  const credentials = join(folder, 'credentials');
  const wrong: string[] = [];
  await moto.query('iam', { Action: 'CreateUser', Version: '2010-05-08', UserName: 'data-science-user' });
  try {
    let said = '';
    for (const [words, code] of STEPS) {
      const step = await run(words, { AWS_ENDPOINT_URL: moto.url, AWS_SHARED_CREDENTIALS_FILE: credentials });
      said += step.said;
      if (step.code !== code) wrong.push(`${words}: exit code ${step.code} in place of ${code}: ${step.said.trim()}`);
    }
    const text = readFileSync(credentials, 'utf8');
    const secret = /aws_secret_access_key = (\S+)/.exec(text)?.[1];
    if (secret === undefined) wrong.push('the profile has no secret');
    else if (said.includes(secret)) wrong.push('the secret was printed');
    if ((statSync(credentials).mode & 0o077) !== 0) wrong.push('others may read the credentials');
    return wrong;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(words: string, more: NodeJS.ProcessEnv): Promise<{ readonly code: number; readonly said: string }> {
  const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_DEFAULT_REGION: 'us-east-1' };
  const child = spawn(process.execPath, [SCRIPT, ...words.split(' ')], { env: { ...process.env, ...keys, ...more } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const [code] = await once(child, 'close');
  return { code: Number(code), said };
}
