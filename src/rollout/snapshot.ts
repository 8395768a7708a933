import { z } from 'zod';
import type { LogStore, StoredSnapshot } from '../ports/log-store.ts';
import { type ServiceState, STATE_SHAPE } from './state.ts';

const shape = z.custom<ServiceState>(
  (v) =>
    z.object({ service: z.string(), seq: z.number(), hash: z.string(), environments: z.object({}) }).safeParse(v)
      .success,
);

/**
 * The state of the stored snapshot, if it may be used: of today's shape, and of exactly the entry that stands at its
 * place. A cache that is in doubt is thrown away; the log says the same.
 */
export async function freshState(
  service: string,
  store: LogStore,
  read: (snapshot: StoredSnapshot) => ServiceState | null = stateOf,
): Promise<ServiceState | null> {
  const snapshot = await store.snapshot(service);
  if (snapshot === null || snapshot.shape !== STATE_SHAPE) return null;
  const head = await store.read(service, snapshot.seq);
  return head?.hash === snapshot.hash ? read(snapshot) : null;
}

/** null: not a state, or not the one that the snapshot says it is. */
export function stateOf(snapshot: StoredSnapshot): ServiceState | null {
  try {
    const parsed = shape.safeParse(JSON.parse(snapshot.state));
    if (!parsed.success) return null;
    return parsed.data.seq === snapshot.seq && parsed.data.hash === snapshot.hash ? parsed.data : null;
  } catch {
    return null;
  }
}
