import type { PanelState, StoredItem } from '../../wire.ts';
import type { PageState } from './page-state.ts';
import { isUnread, markOf, threadPlace, withMark, withStart } from './read-marks.ts';
import { chain } from './record-chain.ts';
import { slack } from './server.ts';
import type { Store } from './store.ts';

/** Keeps the state in step with the sandbox. */
export interface Following {
  /** Looks at Slack now; at most one look is under way, and one more follows it. */
  lookAtSlack(): Promise<void>;
  /** From now on as another person. */
  lookAs(person: string): Promise<void>;
  /** Notes that the open channel and thread are seen. */
  markSeen(): void;
}

export function followChanges(store: Store<PageState>): Following {
  let looking: Promise<void> | undefined;
  let again = false;
  let adding = Promise.resolve();
  let person = store.get().me;

  async function lookOnce(): Promise<void> {
    const as = person;
    const seen = await slack.see(as).catch(() => null);
    // Somebody else may be acting by now.
    if (seen === null || person !== as) return;
    const isOther = store.get().slack?.me !== as;
    // The person and what they see change together: nobody is shown what only another one may see.
    store.change({ me: as, turningTo: null, slack: seen, marks: withStart(store.get().marks, seen) });
    // Another person has other news: the line stands where their reading ended.
    if (isOther) store.change({ newAfter: newLine(store.get()) });
    if (document.visibilityState === 'visible') markSeen();
  }

  async function lookAtSlack(): Promise<void> {
    again = true;
    looking ??= (async () => {
      while (again) {
        again = false;
        await lookOnce();
      }
      looking = undefined;
    })();
    return looking;
  }

  function markSeen(): void {
    const { slack: seen, me, place, thread, marks } = store.get();
    if (seen === null || seen.me !== me) return;
    let next = marks;
    for (const { channel, ts, threadTs } of seen.messages) {
      if (threadTs === undefined && place.kind === 'channel' && place.id === channel)
        next = withMark(next, me, channel, ts);
      if (threadTs !== undefined && thread?.ts === threadTs && thread.channel === channel)
        next = withMark(next, me, threadPlace(channel, threadTs), ts);
    }
    if (next !== marks) store.change({ marks: next });
  }

  function addToRecord(items: readonly StoredItem[]): void {
    adding = adding.then(async () => {
      const { record } = store.get();
      const last = record.at(-1);
      const fresh = items.filter(({ seq }) => seq > (last?.seq ?? 0));
      store.change({ record: [...record, ...(await chain(fresh, last))] });
    });
  }

  const source = new EventSource('/page/api/changes');
  source.addEventListener('hello', () => {
    store.change({ isConnected: true });
    void lookAtSlack();
  });
  source.addEventListener('slack', () => void lookAtSlack());
  source.addEventListener('panel', ({ data }) => store.change({ panel: JSON.parse(data) as PanelState }));
  source.addEventListener('record', ({ data }) => addToRecord(JSON.parse(data) as StoredItem[]));
  source.addEventListener('error', () => store.change({ isConnected: false }));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible') return;
    store.change({ newAfter: newLine(store.get()) });
    markSeen();
  });
  return {
    lookAtSlack,
    markSeen,
    lookAs(next) {
      person = next;
      store.change({ turningTo: next });
      return lookAtSlack();
    },
  };
}

/** Where the line "New" belongs when the open channel is looked at anew; null where nothing is new. */
export function newLine({ slack: seen, me, place, marks }: PageState): string | null {
  if (seen === null || place.kind !== 'channel') return null;
  const isNew = seen.messages.some(
    (message) => message.channel === place.id && message.threadTs === undefined && isUnread(marks, me, message),
  );
  return isNew ? markOf(marks, me, place.id) : null;
}
