import type { Event } from '../../src/rollout/events.ts';
import type { Faults } from './faults.ts';
import type { People } from './people.ts';
import type { RecordIndex } from './record-index.ts';
import type { SageMaker } from './sagemaker.ts';
import type { LogTable } from './sim-log-store.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How much happened in a life. */
export interface LifeStats {
  readonly virtualMs: number;
  readonly events: number;
  readonly entries: number;
  readonly calls: number;
  readonly accepted: number;
  readonly succeeded: number;
  readonly promoted: number;
  readonly rolledBack: number;
  readonly questions: number;
  readonly questionsDecided: number;
  readonly rejectionsSeen: number;
  readonly cleanupsConfirmed: number;
  readonly cleanupsDone: number;
  readonly deleted: number;
  readonly presses: number;
  readonly injected: Readonly<Record<string, number>>;
}

/** Counted once, at its end. */
export function statsOf(life: {
  readonly time: VirtualTime;
  readonly indexes: readonly RecordIndex[];
  readonly table: LogTable;
  readonly sagemaker: SageMaker;
  readonly people: People;
  readonly faults: Faults;
  readonly calls: number;
}): LifeStats {
  const { time, indexes, table, sagemaker, people, faults, calls } = life;
  const sum = (count: (index: RecordIndex) => number) => indexes.reduce((total, index) => total + count(index), 0);
  const all = (type: Event['type']) => sum((index) => index.all(type).length);
  return {
    virtualMs: time.nowMs,
    events: time.eventsRun,
    entries: sum((index) => table.last(index.service)),
    calls,
    accepted: sagemaker.arrived.filter((a) => a.accepted).length,
    succeeded: all('DeploymentSucceeded'),
    promoted: all('PromotionApproved'),
    rolledBack: all('RollbackEnded'),
    questions: all('ModelApprovalAsked'),
    questionsDecided: all('RegistryCallDecided'),
    rejectionsSeen: all('ModelRejectionSeen'),
    cleanupsConfirmed: all('CleanupConfirmed'),
    cleanupsDone: sum((index) => index.all('CleanupEnded').filter((e) => e.event.outcome === 'done').length),
    deleted: sagemaker.gone.size,
    presses: people.presses.length,
    injected: faults.injected,
  };
}
