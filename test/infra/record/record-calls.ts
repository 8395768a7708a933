import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IamRequest } from './iam-request.ts';
import { requestsOf } from './requests-of.ts';
import { playStory, whoHas } from './story.ts';
import type { TappedRequest } from './wire-tap.ts';

/** Plays the journeys and answers what IAM is asked by them: each thing once, in a fixed order. */
export async function recordCalls(say: (words: string) => void): Promise<readonly IamRequest[]> {
  const folder = mkdtempSync(join(tmpdir(), 'titanic-calls-'));
  try {
    const file = join(folder, 'wire.jsonl');
    await playStory(file, say);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const tapped = lines.map((line) => JSON.parse(line) as TappedRequest);
    const once = new Set(tapped.flatMap((one) => requestsOf(one, whoHas(one.key))).map(lineOf));
    return [...once].sort().map((line) => JSON.parse(line) as IamRequest);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Versions and rollouts are made equal: which are looked at when depends on how quick the machine was. */
function lineOf(request: IamRequest): string {
  return JSON.stringify(request)
    .replaceAll(/-v\d+-r\d+(?=["-])/g, '-v1-r1')
    .replaceAll(/(model-package\/[a-z-]+\/)\d+/g, '$11')
    .replaceAll(/("aws:RequestTag\/titanic:rollout":"[a-z-]+?)\d+"/g, '$11"');
}
