import { z } from 'zod';
import { ControlRefused, type SageMakerControl } from './control/control-api.ts';

/** The emulator is on this machine; if it takes longer than this, it is not there. */
const TIMEOUT_MS = 10_000;

const refusal = z.object({ error: z.string(), message: z.string() });

/**
 * The control interface of an emulator in another process.
 * @param url where the emulator listens, such as `http://127.0.0.1:4566`
 * @returns a client whose methods reject with ControlRefused when the emulator refuses
 */
export function createSageMakerControl(url: string): SageMakerControl {
  async function ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(new URL(`/_control${path}`, url), {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer: unknown = await response.json();
    // The other side is control-routes.ts, which answers with these same types.
    if (response.ok) return answer as Answer;
    const { error, message } = refusal.parse(answer);
    throw new ControlRefused(error, message);
  }

  return {
    state: () => ask('GET', '/state'),
    journal: (afterSeq = 0) => ask('GET', `/journal?after=${afterSeq}`),
    faults: () => ask('GET', '/faults'),
    setFault: (request) => ask('POST', '/faults', request),
    async clearFaults(filter = {}) {
      const query = new URLSearchParams();
      if (filter.id !== undefined) query.set('id', filter.id);
      if (filter.kind !== undefined) query.set('kind', filter.kind);
      const { cleared } = await ask<{ cleared: number }>('DELETE', `/faults?${query}`);
      return cleared;
    },
    async setSpeed(speed) {
      await ask('POST', '/speed', { speed });
    },
    console: (operation, parameters) => ask('POST', '/console', { operation, parameters }),
    cost: () => ask('GET', '/cost'),
    async outOfService(endpoint, out) {
      await ask('POST', '/out-of-service', { endpoint, out });
    },
    async systemUpdate(endpoint) {
      await ask('POST', '/system-update', { endpoint });
    },
  };
}

export type { SageMakerControl };
