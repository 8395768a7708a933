import { setTimeout as wait } from 'node:timers/promises';
import type { InferenceService } from '../inference-service.ts';
import type { Transcript } from './transcript.ts';

/** A client of the model, who knows the inference API and nothing of rollouts. */
export interface Asker {
  /** Before anything is promoted. */
  nobodyServes(): Promise<void>;
  /** One question; the version that answers is in the answer's headers. */
  answeredBy(when: string, version: number): Promise<void>;
  /** The same question got another answer in between, and the first one again. */
  rollbackRestored(): void;
}

/** Version 1 knows no age, later ones do, so they answer differently. */
const BOY = '{"class":3,"sex":"male","age":5}';
/** It reads which model serves once a second here. */
const KNOWS_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 100;

export function createAsker({ url, key }: InferenceService, transcript: Transcript): Asker {
  const answers: string[] = [];
  const headers = { 'x-api-key': key, 'content-type': 'application/json' };
  const ask = () => fetch(`${url}/v1/predict`, { method: 'POST', headers, body: BOY });

  /** Which model serves is read beside the predictions, so what it knows may be a moment old. */
  async function knows(version: number): Promise<void> {
    const untilMs = Date.now() + KNOWS_WITHIN_MS;
    while (Date.now() < untilMs) {
      const model = await (await fetch(`${url}/v1/model`, { headers })).text();
      if (model.includes(`"version":${version},`) && model.includes('"next":null')) return;
      await wait(LOOK_EVERY_MS);
    }
  }

  return {
    async nobodyServes() {
      const reply = await ask();
      const problem = await reply.text();
      const holds = reply.status === 503 && problem.includes('no-model') && reply.headers.has('retry-after');
      transcript.claim('the inference API says that no model serves yet', holds, `status ${reply.status}`);
    },
    async answeredBy(when, version) {
      await knows(version);
      transcript.does('A client', `asks the inference API ${when}: ${BOY}`);
      const reply = await ask();
      const answer = await reply.text();
      const by = reply.headers.get('x-model-package-version');
      transcript.claim(
        `the inference API answers with version ${version}`,
        reply.status === 200 && by === String(version),
        `${answer}, version ${by}, inference ${reply.headers.get('x-inference-id')}`,
      );
      answers.push(answer);
    },
    rollbackRestored() {
      const [before, between, after] = answers;
      const holds = answers.length === 3 && before === after && before !== between;
      transcript.claim('the promotion changed the answer, and the rollback brought it back', holds);
    },
  };
}
