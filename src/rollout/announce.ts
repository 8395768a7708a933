import type { Cursor, PostedCard } from '../ports/log-store.ts';
import { affectedCards, cardsOfState, type Posting } from './announce-cards.ts';
import { ALL_APPROVERS, isReminder } from './called.ts';
import { calledAgain } from './called-again.ts';
import { cardOf } from './card.ts';
import type { AnnouncerDeps } from './engine-deps.ts';
import type { Entry } from './events.ts';
import { createServiceLog, type ServiceLog } from './log.ts';
import { LOG_FORM } from './log-form.ts';
import { without } from './mutations.ts';
import { readPast } from './past-break.ts';
import type { ServiceState } from './state.ts';

/** Makes Slack show what the log says. It may lag the record; it never leads it, and nothing waits for it. */
export interface Announcer {
  start(): void;
  stop(): Promise<void>;
  /** Looks at a service's log now. */
  nudge(service: string): void;
  /** How many entries Slack does not show yet, as this replica last read it. */
  behind(service: string): number;
  /** Where the card of a rollout or rollback is, as this replica last read it. */
  posted(service: string, id: string): PostedCard | null;
}

/** The cursor is claimed for this long; others take over a claim that they have seen unchanged for longer. */
const CLAIM_MS = 10_000;
const TAKE_OVER_MS = 12_000;
/** The longest that one message may take: its turn, the call, and the call again as plain text. */
const LONGEST_POST_MS = 7_000;
/** A card is rendered once more this long after its last update. */
const CONFIRM_MS = 90_000;
/** One card is not updated more often than this. */
const CARD_GAP_MS = 3_000;
/** The cursor remembers every card that the state still says something about, and so many of the newest. */
const CARDS_KEPT = 40;
const RETRY_MS = 5_000;
/** How soon what was posted is tried to be kept again: others may take over, and know nothing of it. */
const KEEP_AGAIN_MS = 500;

export function createAnnouncer(deps: AnnouncerDeps): Announcer {
  let stopping = false;
  let loops: readonly Promise<void>[] = [];
  const services = new Map(
    deps.services.map((s) => [s.settings.service, createServiceAnnouncer(deps, s.settings.service, () => stopping)]),
  );
  return {
    start() {
      loops = [...services.values()].map((s) => s.loop());
    },
    async stop() {
      stopping = true;
      for (const s of services.values()) s.nudge();
      await Promise.all(loops);
    },
    nudge: (service) => services.get(service)?.nudge(),
    behind: (service) => services.get(service)?.behind() ?? 0,
    posted: (service, id) => services.get(service)?.posted(id) ?? null,
  };
}

interface ServiceAnnouncer {
  loop(): Promise<void>;
  nudge(): void;
  behind(): number;
  posted(id: string): PostedCard | null;
}

const NEW_CURSOR: Cursor = { version: 0, claim: null, seq: 0, cards: {} };

function createServiceAnnouncer(deps: AnnouncerDeps, service: string, stopping: () => boolean): ServiceAnnouncer {
  const { clock, store, ids, form = LOG_FORM } = deps;
  const once = deps.services.some((s) => without(s.settings.mutations, 'no-second-rendering'));
  const { cardGapMs = CARD_GAP_MS } = deps.poll;
  const log = createServiceLog(service, store, clock, form);
  let wake = new AbortController();
  let nudged = false;
  let cursor: Cursor | null = null;
  /** The claim that this replica tried last. */
  let tried = '';
  /** What was posted under a claim of ours and is not kept yet, with the version that it follows. */
  let unkept: { readonly released: Cursor; readonly follows: number } | null = null;
  /** Elapsed milliseconds when cards that were left for later are due. */
  let redoAtMs = Number.POSITIVE_INFINITY;
  /** When this replica first saw something, by its own clock: a claim, or a card's last update. */
  const seenAtMs = new Map<string, number>();

  async function loop(): Promise<void> {
    while (!stopping()) {
      wake = new AbortController();
      nudged = false;
      let sleepMs = RETRY_MS;
      try {
        sleepMs = await announce();
      } catch (error) {
        deps.log.warn({ service, error: String(error) }, 'could not announce');
        if (unkept !== null) sleepMs = KEEP_AGAIN_MS;
      }
      if (!stopping() && !nudged) await clock.sleep(sleepMs, wake.signal);
    }
  }

  /** One look at the log; returns milliseconds until the next. */
  async function announce(): Promise<number> {
    await keep();
    const { state } = await log.load();
    if (cursor === null || cursor.seq < state.seq || dueInMs(cursor) <= 0 || redoAtMs <= clock.elapsedMs())
      cursor = (await store.cursor(service)) ?? NEW_CURSOR;
    const waitMs = Math.min(dueInMs(cursor), redoAtMs - clock.elapsedMs());
    if (cursor.seq >= state.seq && waitMs > 0) return Math.min(waitMs, pollMs());
    const ours = cursor.claim === tried; // Claimed without an answer, so nothing was posted under it.
    if (cursor.claim !== null && !ours && claimAgeMs(cursor) < TAKE_OVER_MS) return 1_000;
    const startedAtMs = clock.elapsedMs();
    tried = ids.random();
    const claimed: Cursor = { ...cursor, version: cursor.version + 1, claim: tried };
    if (!(await store.saveCursor(service, claimed, cursor.version === 0 ? null : cursor.version))) return 500;
    redoAtMs = Number.POSITIVE_INFINITY;
    const done = await post(log, claimed, () => {
      // Asked before each message, which must be through before others may take the claim over.
      return clock.elapsedMs() - startedAtMs < CLAIM_MS - LONGEST_POST_MS && !stopping();
    });
    if (done.retryInMs !== null) redoAtMs = clock.elapsedMs() + done.retryInMs;
    unkept = {
      released: { ...done.cursor, version: claimed.version + 1, claim: null },
      follows: claimed.version,
    };
    cursor = await keep();
    if (cursor !== null && cursor.seq > claimed.seq) deps.told?.(service);
    return done.retryInMs ?? (cursor === null ? 0 : Math.min(dueInMs(cursor), pollMs()));
  }

  /**
   * Keeps what was posted, or cards would be posted again. Where that is refused now, it is tried again while nobody
   * has taken over. null: what stands there has to be read.
   */
  async function keep(): Promise<Cursor | null> {
    if (unkept === null) return cursor;
    const { released, follows } = unkept;
    const kept = await store.saveCursor(service, released, follows);
    unkept = null;
    // Not kept: an earlier try was, without an answer, or others have taken over.
    cursor = kept ? released : null;
    return cursor;
  }

  function pollMs(): number {
    const { rollouts, environments } = log.state();
    const moving = rollouts.length > 0 || environments.prod.rollback !== null || environments.staging.rollback !== null;
    return moving ? deps.poll.underWayMs : deps.poll.atRestMs;
  }

  function firstSeen(key: string): number {
    const at = seenAtMs.get(key) ?? clock.waitedMs();
    seenAtMs.set(key, at);
    return at;
  }

  function claimAgeMs(c: Cursor): number {
    return clock.waitedMs() - firstSeen(`claim ${c.version}`);
  }

  /** Milliseconds until some card is to be rendered once more. */
  function dueInMs(c: Cursor): number {
    const open = Object.entries(c.cards).filter(([, card]) => !card.confirmed);
    const ages = open.map(([id, card]) => clock.waitedMs() - firstSeen(`card ${id} ${card.updates}`));
    if (seenAtMs.size > 500) seenAtMs.clear(); // Counting starts again, which only delays.
    return ages.length === 0 ? Number.POSITIVE_INFINITY : CONFIRM_MS - Math.max(...ages);
  }

  /** Missing cards first, then changed ones, because they carry the decision; then the lines of each thread, in order. */
  async function post(
    from: ServiceLog,
    claimed: Cursor,
    mine: () => boolean,
  ): Promise<{ cursor: Cursor; retryInMs: number | null }> {
    const state = from.state();
    const cards: Record<string, PostedCard> = { ...claimed.cards };
    const entries = await entriesAfter(claimed.seq, state.seq);
    const posting: Posting = { deps, state, cards };
    let seq = claimed.seq;
    const done = (retryInMs: number | null) => ({ cursor: { ...claimed, seq, cards: kept(state, cards) }, retryInMs });
    const missing = await postMissing(posting, entries, mine);
    if (missing !== null) return done(missing);
    const later = await updateCards(posting, entries, mine);
    for (const entry of entries) {
      const failed = await postLines(posting, entry, mine);
      if (failed !== null) return done(failed);
      seq = entry.seq;
    }
    return done(later);
  }

  async function entriesAfter(seq: number, to: number): Promise<readonly Entry[]> {
    if (seq >= to) return [];
    const before = seq === 0 ? '' : ((await store.read(service, seq))?.hash ?? '');
    const items = (await store.after(service, seq)).filter((item) => item.seq <= to);
    // What the log lets through is told, a break that somebody answered for included.
    return readPast({ seq, hash: before }, items, form.open).entries;
  }

  /** Cards of what began in these entries. Milliseconds to wait if Slack did not take them. */
  async function postMissing(
    { state, cards }: Posting,
    entries: readonly Entry[],
    mine: () => boolean,
  ): Promise<number | null> {
    for (const id of new Set(entries.flatMap(affectedCards))) {
      const card = cardOf(state, id);
      if (card === null || cards[id] !== undefined) continue;
      const rendered = deps.render.card(card);
      if (!mine()) return 0;
      const outcome = await deps.channel.post(rendered, null);
      if (outcome.kind === 'failed') return outcome.retryAfterMs;
      cards[id] = {
        channel: deps.channel.id,
        ts: outcome.ts,
        digest: form.digest(rendered),
        updates: 0,
        confirmed: false,
      };
    }
    return null;
  }

  /** The lines that one entry adds. Milliseconds to wait if Slack did not take them. */
  async function postLines({ state, cards }: Posting, entry: Entry, mine: () => boolean): Promise<number | null> {
    const ids = affectedCards(entry);
    if (ids.length === 0) {
      const notice = deps.render.notice(service, entry);
      if (notice === null) return null;
      if (!mine()) return 0;
      const outcome = await deps.channel.post(notice, null);
      return outcome.kind === 'failed' && !outcome.gone ? outcome.retryAfterMs : null;
    }
    for (const id of ids) {
      const card = cardOf(state, id);
      const thread = cards[id];
      if (card === null || thread === undefined) continue;
      // Worked out now, and not when it was recorded: Slack may have been away, and people answer meanwhile.
      const called = isReminder(entry) ? await calledAgain(card, deps) : ALL_APPROVERS;
      const line = called === null ? null : deps.render.line(card, entry, called);
      if (line === null) continue;
      if (!mine()) return 0;
      const outcome = await deps.channel.post(line, thread.ts);
      if (outcome.kind === 'failed' && !outcome.gone) return outcome.retryAfterMs;
    }
    return null;
  }

  /** Cards whose content changed, and those that are due to be rendered once more. */
  async function updateCards(
    { state, cards }: Posting,
    entries: readonly Entry[],
    mine: () => boolean,
  ): Promise<number | null> {
    let retryInMs: number | null = null;
    const affected = new Set(entries.flatMap(affectedCards));
    for (const id of new Set([...affected, ...cardsOfState(state), ...Object.keys(cards)])) {
      const posted = cards[id];
      const card = cardOf(state, id);
      if (posted === undefined) continue;
      if (card === null) {
        cards[id] = { ...posted, confirmed: true };
        continue;
      }
      const rendered = deps.render.card(card);
      const shown = form.digest(rendered);
      const sinceMs = clock.waitedMs() - firstSeen(`card ${id} ${posted.updates}`);
      const confirm = shown === posted.digest && !posted.confirmed && sinceMs >= CONFIRM_MS;
      if (shown === posted.digest && !confirm) continue;
      if (!confirm && posted.updates > 0 && sinceMs < cardGapMs) {
        retryInMs = Math.min(retryInMs ?? cardGapMs, cardGapMs - sinceMs);
        // Should this process die meanwhile, the others render it when it is due to be confirmed.
        cards[id] = { ...posted, confirmed: false };
        continue;
      }
      if (!mine()) return 0;
      const outcome = await deps.channel.update(posted.ts, rendered);
      if (outcome.kind === 'posted') {
        cards[id] = { ...posted, digest: shown, updates: posted.updates + 1, confirmed: confirm || once };
        firstSeen(`card ${id} ${posted.updates + 1}`);
      } else if (outcome.gone) {
        // Until a new one stands, the old is remembered: what is forgotten is never posted again.
        cards[id] = { ...posted, digest: '', confirmed: false };
        if (!mine()) return 0;
        const again = await deps.channel.post(rendered, null);
        if (again.kind === 'failed') return again.retryAfterMs;
        cards[id] = { channel: deps.channel.id, ts: again.ts, digest: shown, updates: 0, confirmed: false };
      } else {
        retryInMs = Math.max(retryInMs ?? 0, outcome.retryAfterMs);
        cards[id] = { ...posted, confirmed: false };
      }
    }
    return retryInMs;
  }

  return {
    loop,
    nudge() {
      nudged = true;
      wake.abort('nudged');
    },
    behind: () => Math.max(0, log.state().seq - (cursor?.seq ?? log.state().seq)),
    posted: (id) => cursor?.cards[id] ?? null,
  };
}

/** What the state still says something about, and the newest by their seq; other cards stay in Slack as they are. */
function kept(state: ServiceState, cards: Readonly<Record<string, PostedCard>>): Readonly<Record<string, PostedCard>> {
  const order = ([id]: readonly [string, PostedCard]) => Number(id.slice(id.lastIndexOf('-') + 1));
  const newest = Object.entries(cards).sort((a, b) => order(b) - order(a));
  return Object.fromEntries(newest.filter(([id], place) => place < CARDS_KEPT || cardOf(state, id) !== null));
}
