import { z } from 'zod';
import type { Sandbox } from '../start-sandbox.ts';
import type { Passenger, ProdAnswer } from './wire.ts';

export interface ProdCaller {
  ask(passenger: Passenger): Promise<ProdAnswer>;
}

/** Longer than the slowest model of the sandbox takes, milliseconds. */
const ASK_MS = 20_000;

const problem = z.object({
  title: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ column: z.string().optional(), detail: z.string() })).optional(),
});

/** Asks prod through the inference API, as any client of the model would. */
export function createProdCaller(sandbox: Pick<Sandbox, 'inferenceApi'>): ProdCaller {
  return {
    async ask({ passengerClass, sex, age }) {
      const request = [passengerClass, sex, age].join(',');
      const { url, key } = await sandbox.inferenceApi();
      const startedMs = performance.now();
      const tookMs = () => Math.round(performance.now() - startedMs);
      try {
        const answer = await fetch(`${url}/v1/predict`, {
          method: 'POST',
          headers: { 'content-type': 'text/csv', 'x-api-key': key },
          body: request,
          signal: AbortSignal.timeout(ASK_MS),
        });
        const text = await answer.text();
        const reply = answer.ok ? text.trim() : problemWords(text);
        const version = answer.headers.get('x-model-package-version');
        return { ok: answer.ok, request, reply, tookMs: tookMs(), version };
      } catch (error) {
        return {
          ok: false,
          request,
          reply: `The inference API does not answer: ${String(error)}`,
          tookMs: tookMs(),
          version: null,
        };
      }
    },
  };
}

/** What is wrong, with each field that is. */
function problemWords(text: string): string {
  const { title, detail, errors } = problem.parse(JSON.parse(text));
  if (errors === undefined) return `${title}. ${detail}`;
  return `${title}: ${errors.map((one) => [one.column, one.detail].filter(Boolean).join(' ')).join('; ')}.`;
}
