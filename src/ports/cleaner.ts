import type { CleanupTarget, Planned } from '../rollout/cleanup.ts';
import type { Reading } from '../rollout/observation.ts';
import type { ServiceState } from '../rollout/state.ts';

/** Plans clean-ups from what SageMaker and every service's record say now. Deletes nothing. */
export interface Cleaner {
  plan(state: ServiceState, target: CleanupTarget): Promise<Reading<Planned>>;
  /** Why something with these tags is not titanic's; null: it is. */
  foreign(name: string, tags: Readonly<Record<string, string>>): string | null;
}
