import { affectedCards, cardsOfState } from '../../src/rollout/announce-cards.ts';
import { cardOf } from '../../src/rollout/card.ts';
import type { Entry } from '../../src/rollout/events.ts';
import type { ServiceState } from '../../src/rollout/state.ts';
import { card } from './bot.ts';
import type { Violations } from './violations.ts';

/** Slack may lag the record, and never leads it. */
export interface SlackChecks {
  /** An entry was stored, and this is the state with it. */
  recorded(state: ServiceState, entry: Entry): void;
  /** The channel comes to show this as a card. */
  shows(text: string): void;
}

export function createSlackChecks(violations: Violations): SlackChecks {
  /** Every card that the record ever said. */
  const said = new Set<string>();
  return {
    recorded(state, entry) {
      // The alarm about another model takes the way back from the card of an earlier one.
      const alarmed = entry.events.some((e) => e.type === 'ModelRejectionSeen');
      const earlier = alarmed ? state.endedApprovals.map((a) => a.id) : [];
      for (const id of new Set([...affectedCards(entry), ...cardsOfState(state), ...earlier])) {
        const shown = cardOf(state, id);
        if (shown !== null) said.add(card(shown).text);
      }
    },
    shows(text) {
      if (!said.has(text)) violations.add('slack-leads-the-record', text);
    },
  };
}
