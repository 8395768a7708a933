import type { RecordedCards } from '../ports/conversation.ts';
import type { CursorStore } from '../ports/log-store.ts';
import { known, unknown } from '../rollout/observation.ts';

/** Where cards stand, as the announcer noted it beside its cursor. */
export function createRecordedCards(store: Pick<CursorStore, 'cursor'>): RecordedCards {
  return {
    async cardAt(service, channel, ts) {
      try {
        const cards = Object.entries((await store.cursor(service))?.cards ?? {});
        return known(cards.find(([, card]) => card.channel === channel && card.ts === ts)?.[0] ?? null);
      } catch (error) {
        return unknown(error instanceof Error ? error.name : 'unreadable');
      }
    },
    async recorded(service, id) {
      try {
        const card = (await store.cursor(service))?.cards[id];
        return known(card === undefined ? null : { channel: card.channel, ts: card.ts });
      } catch (error) {
        return unknown(error instanceof Error ? error.name : 'unreadable');
      }
    },
  };
}
