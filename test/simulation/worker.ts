import { parentPort } from 'node:worker_threads';
import type { DirectedName } from './directed.ts';
import { type Life, live } from './life.ts';
import { mutantNamed } from './mutants.ts';

/** One life to be lived in a worker. */
export interface Order {
  readonly seed: number;
  readonly mutant: string;
  readonly stopAtFirst: boolean;
  readonly directed?: DirectedName | undefined;
}

export type Told = Pick<Life, 'seed' | 'violations' | 'traceHash' | 'stats'>;

/** Lives one order after the other, and tells what became of each. */
parentPort?.on('message', (order: Order) => {
  const { seed, stopAtFirst, directed } = order;
  void live({ seed, mutant: mutantNamed(order.mutant), stopAtFirst, directed }).then(
    ({ seed, violations, traceHash, stats }) => {
      const told: Told = { seed, violations, traceHash, stats };
      parentPort?.postMessage(told);
    },
  );
});
