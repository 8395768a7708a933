import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { DirectedName } from './directed.ts';
import type { Order, Told } from './worker.ts';

const WORKERS_MOST = 2;
/** A life makes much that is soon forgotten; with little room for it a tenth of the time goes into collecting it. */
const YOUNG = { maxYoungGenerationSizeMb: 128 };

export interface LivesOptions {
  readonly mutant: string;
  readonly from: number;
  readonly directed?: DirectedName | undefined;
  /** Asked before each life is begun, with how many were begun before. */
  more(begun: number): boolean;
  readonly stopAtFirst: boolean;
  onLife(told: Told): void;
}

/** Lives many lives on both cores; which worker lives which life makes no difference to any of them. */
export async function liveMany(options: LivesOptions): Promise<void> {
  const { mutant, from, more, stopAtFirst, onLife, directed } = options;
  let begun = 0;
  const count = Math.min(WORKERS_MOST, availableParallelism());
  await Promise.all(
    Array.from({ length: count }, async () => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { resourceLimits: YOUNG });
      try {
        while (more(begun)) {
          const order: Order = { seed: from + begun++, mutant, stopAtFirst, directed };
          onLife(await lifeIn(worker, order));
        }
      } finally {
        await worker.terminate();
      }
    }),
  );
}

function lifeIn(worker: Worker, order: Order): Promise<Told> {
  return new Promise((resolve, reject) => {
    const failed = (error: unknown) => {
      worker.off('message', done);
      reject(new Error(`Life ${order.seed} of ${order.mutant} could not be lived to its end.`, { cause: error }));
    };
    const done = (told: Told) => {
      worker.off('error', failed);
      resolve(told);
    };
    worker.once('error', failed);
    worker.once('message', done);
    worker.postMessage(order);
  });
}
