import type { RecordedCards } from './ports/conversation.ts';
import type { Logger } from './ports/logger.ts';
import type { SharedFiles } from './ports/shared-files.ts';
import type { TickStore } from './ports/tick-store.ts';
import type { Rollouts } from './rollout/api.ts';
import { ENVIRONMENTS } from './rollout/candidate.ts';
import type { Reading } from './rollout/observation.ts';
import type { EndedRollout, ServiceState } from './rollout/state.ts';

/** What ended longer ago gets no file any more, such as after an update of titanic. Milliseconds. */
const AT_LATEST_MS = 24 * 3_600_000;

export interface EvidenceCourierDeps {
  readonly services: readonly string[];
  readonly rollouts: Pick<Rollouts, 'state'>;
  /** The text of the file. */
  readonly evidence: (service: string, id: string) => Promise<Reading<string>>;
  readonly cards: Pick<RecordedCards, 'recorded'>;
  readonly files: SharedFiles;
  readonly ticks: TickStore;
  readonly nowMs: () => number;
  readonly log: Logger;
}

/** Puts the evidence of each rollout that is over into the thread of its card. */
export interface EvidenceCourier {
  /** Looks at one service; a look that comes during another is a part of it. Never throws. */
  look(service: string): Promise<void>;
  /** Looks at all: what was missed, because the process ended or Slack was away. */
  readonly every: () => Promise<void>;
  /** Until what is under way is through. */
  settled(): Promise<void>;
}

/**
 * Once for each rollout, however many replicas there are: it is claimed before it is sent, so a process that ends in
 * between sends none, and `/titanic evidence` still does. Level-triggered, and beside the announcer: bytes take longer
 * than its claim holds.
 */
export function createEvidenceCourier(deps: EvidenceCourierDeps): EvidenceCourier {
  const { rollouts, evidence, cards, files, ticks, nowMs, log } = deps;
  const looking = new Map<string, Promise<void>>();
  const handled = new Map<string, ReadonlySet<string>>();

  async function all(service: string): Promise<void> {
    const state = await rollouts.state(service);
    if (state.kind === 'unknown') return;
    const over = state.value.ended.filter((rollout) => isDue(state.value, rollout, nowMs()));
    const before = handled.get(service) ?? new Set();
    const now = new Set(over.map(({ id }) => id).filter((id) => before.has(id)));
    handled.set(service, now);
    for (const { id } of over) if (!now.has(id) && (await one(service, id))) now.add(id);
  }

  /** False: not now, so it is looked at again. */
  async function one(service: string, id: string): Promise<boolean> {
    const card = await cards.recorded(service, id);
    if (card.kind === 'unknown' || card.value === null) return false;
    const file = await evidence(service, id);
    if (file.kind === 'unknown') return false;
    if (!(await ticks.claimTick(service, 'evidence-file', id))) return true;
    const shared = await files.share({ name: `${id}.json`, title: `Evidence of ${id}`, text: file.value }, card.value);
    if (shared.kind === 'unknown')
      log.warn({ service, rollout: id, why: shared.why }, 'evidence is not in its thread: ask for it there');
    return true;
  }

  async function look(service: string): Promise<void> {
    const under = looking.get(service);
    if (under !== undefined) return under;
    const run = all(service)
      .catch((error: unknown) => log.warn({ service, error: String(error) }, 'evidence could not be sent'))
      .finally(() => looking.delete(service));
    looking.set(service, run);
    return run;
  }

  return {
    look,
    every: async () => {
      for (const service of deps.services) await look(service);
    },
    settled: async () => {
      await Promise.all(looking.values());
    },
  };
}

/** It ended not long ago, and nothing that it started still moves: until then its evidence grows. */
function isDue({ environments }: ServiceState, { id, endedAt }: EndedRollout, nowMs: number): boolean {
  const moves = ENVIRONMENTS.some((environment) => {
    const { deployment, smoke } = environments[environment];
    return deployment?.owner === id || smoke?.rolloutId === id;
  });
  return !moves && nowMs - Date.parse(endedAt) < AT_LATEST_MS;
}
