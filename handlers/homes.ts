import { type HomeService, type HomeView, home } from '../blocks/home.ts';
import type { HomeTab } from '../src/ports/home-tab.ts';
import type { VerificationSeen } from '../src/ports/verification-store.ts';
import type { Standing } from '../src/rollout/input.ts';
import type { Reading } from '../src/rollout/observation.ts';
import { reason } from '../src/rollout/reasons.ts';
import { createBucket } from './bucket.ts';
import type { HandlerDeps } from './handler-deps.ts';

/** Slack does not say when somebody leaves Home, so it counts as open for this long. Milliseconds. */
const OPEN_FOR_MS = 30 * 60_000;
/** Homes that are kept up to date at most; whoever opened theirs longest ago goes first. */
const MOST_OPEN = 100;
/** One person's Home is not published more often than this by itself. Milliseconds. */
const GAP_MS = 5_000;
/** How long changes gather before Homes are made anew. Milliseconds. */
const GATHER_MS = 500;
/** When somebody is looked up again of whom Slack could not say who they are. Milliseconds. */
const UNKNOWN_MS = 30_000;
/** All Homes together: `views.publish` takes 100 a minute, and somebody may open theirs meanwhile. */
const AT_ONCE = 20;
const PER_MINUTE = 60;

interface Open {
  readonly openedMs: number;
  readonly notBeforeMs: number;
  /** Of what was published last; null: nothing was yet. */
  readonly digest: string | null;
  /** Slack's own of the same. */
  readonly hash: string | null;
}

export interface Homes {
  /** Somebody opened theirs. `shown` is Slack's hash of what they see; null: nothing. Never throws. */
  opened(person: string, shown: string | null): Promise<void>;
  /** Something may have changed: those that are open are looked at again soon. */
  changed(): void;
  stop(): Promise<void>;
}

/**
 * Publishes Homes: when they are opened, and while they are open whenever what they show has changed. Only the replica
 * that Slack told of the opening does so; once another has published, this one lets go.
 */
export function createHomes(
  deps: Pick<HandlerDeps, 'services' | 'rollouts' | 'directory' | 'roles' | 'frozen' | 'costs' | 'clock' | 'log'> & {
    readonly tab: HomeTab;
    readonly verified: (service: string) => Promise<Reading<VerificationSeen | null>>;
    readonly digest: (view: HomeView) => string;
  },
): Homes {
  const { tab, clock, log } = deps;
  const pace = createBucket(clock, AT_ONCE, PER_MINUTE);
  const open = new Map<string, Open>();
  const stopping = new AbortController();
  let isDirty = false;
  let running: Promise<void> | null = null;

  async function look(): Promise<readonly HomeService[]> {
    return Promise.all(
      deps.services.map(async ({ name: service }) => {
        const [state, verified] = await Promise.all([deps.rollouts.state(service), deps.verified(service)]);
        const cost = state.kind === 'known' ? deps.costs.lastSeen(state.value) : null;
        return { service, state, verified, freeze: deps.frozen(service), cost };
      }),
    );
  }

  /** null: nothing is published for them, because they are of elsewhere, or Slack cannot say now who they are. */
  async function standingOf(person: string): Promise<Standing | null> {
    const seen = await deps.directory.person(person);
    if (seen.kind === 'unknown') return null;
    const { problem, foreign } = seen.value;
    if (foreign) {
      open.delete(person);
      return null;
    }
    if (problem !== null) return { kind: 'refused', reason: reason('not-a-member', { why: problem }) };
    return deps.roles(person);
  }

  /**
   * `shown`: Slack's hash of what they see. `isOpening`: they look now, so it replaces whatever they see, and waits for
   * nobody else's.
   */
  async function publish(
    person: string,
    services: readonly HomeService[],
    { shown, isOpening }: { readonly shown: string | null; readonly isOpening: boolean },
  ): Promise<void> {
    const before = open.get(person);
    const standing = await standingOf(person);
    if (before === undefined || !open.has(person)) return;
    const later = (ms: number) => open.set(person, { ...before, digest: null, notBeforeMs: clock.elapsedMs() + ms });
    if (standing === null) return void later(UNKNOWN_MS);
    const view = home({ person, standing, services, nowMs: clock.nowMs() });
    const digest = deps.digest(view);
    if (digest === before.digest && shown !== null && shown === before.hash) return;
    if (!isOpening && !pace.take()) return void later(GAP_MS);
    const outcome = await tab.publish(person, view, isOpening ? null : shown);
    // It was opened anew, or forgotten, while this one was under way.
    if (open.get(person) !== before) return;
    if (outcome.kind === 'published') {
      open.set(person, { ...before, digest, hash: outcome.hash, notBeforeMs: clock.elapsedMs() + GAP_MS });
    } else if (outcome.taken) open.delete(person);
    else later(Math.max(GAP_MS, outcome.retryAfterMs));
  }

  /** Milliseconds until there is more to do; null: all that are open show what there is. */
  async function refresh(): Promise<number | null> {
    const now = clock.elapsedMs();
    for (const [person, { openedMs }] of open) if (now - openedMs > OPEN_FOR_MS) open.delete(person);
    if (open.size === 0) return null;
    const services = await look();
    const waits: number[] = [];
    for (const [person, { notBeforeMs, hash }] of [...open]) {
      const waitMs = notBeforeMs - clock.elapsedMs();
      if (waitMs > 0) {
        waits.push(waitMs);
        continue;
      }
      await publish(person, services, { shown: hash, isOpening: false });
      const after = open.get(person);
      // It is still to be shown.
      if (after?.digest === null) waits.push(Math.max(GATHER_MS, after.notBeforeMs - clock.elapsedMs()));
    }
    return waits.length === 0 ? null : Math.min(...waits);
  }

  async function run(): Promise<void> {
    let waitMs: number | null = GATHER_MS;
    while (waitMs !== null && !stopping.signal.aborted) {
      await clock.sleep(waitMs, stopping.signal);
      if (stopping.signal.aborted) return;
      isDirty = false;
      const laterMs: number | null = await tried('refresh', refresh);
      waitMs = isDirty ? GATHER_MS : laterMs;
    }
  }

  function changed(): void {
    isDirty = true;
    if (open.size === 0 || running !== null || stopping.signal.aborted) return;
    running = run().finally(() => {
      running = null;
      if (isDirty) changed();
    });
  }

  async function tried<T>(what: string, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      log.warn({ what, why: error instanceof Error ? error.name : 'unknown' }, 'A Home could not be made');
      return null;
    }
  }

  return {
    async opened(person, shown) {
      const now = clock.elapsedMs();
      const before = open.get(person);
      // Set anew, so that the map's order is that of opening.
      open.delete(person);
      open.set(person, {
        openedMs: now,
        notBeforeMs: now + GAP_MS,
        digest: before?.digest ?? null,
        hash: before?.hash ?? null,
      });
      const oldest = open.keys().next();
      if (open.size > MOST_OPEN && !oldest.done) open.delete(oldest.value);
      await tried('open', async () => publish(person, await look(), { shown, isOpening: true }));
      // Slack did not take it: it is tried again.
      if (open.get(person)?.digest === null) changed();
    },
    changed,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
