import type { Prices } from '../src/cost/prices.ts';
import type { Rendered } from '../src/ports/channel.ts';
import { ALL_APPROVERS, type Called } from '../src/rollout/called.ts';
import type { Card } from '../src/rollout/card.ts';
import type { Entry } from '../src/rollout/events.ts';
import { peopleMention } from './approvers-mention.ts';
import { cleanupCard } from './cleanup-card.ts';
import { modelAlarmCard, modelCard } from './model-card.ts';
import { namingService } from './naming-service.ts';
import { notice } from './notice.ts';
import { rollbackCard } from './rollback-card.ts';
import { rolloutCard } from './rollout-card.ts';
import { threadLine } from './thread-line.ts';

/** What the announcer shows. `approversMention` is the mrkdwn that calls the approvers. */
export function createRender(settings: {
  readonly approversMention: string;
  /** All that are told of in the channel. */
  readonly services: readonly string[];
  /** What instances cost, as configured; absent: nothing is said about it. */
  readonly prices?: Prices;
}): {
  card(card: Card): Rendered;
  line(card: Card, entry: Entry, called?: Called): Rendered | null;
  notice(service: string, entry: Entry): Rendered | null;
} {
  const { approversMention, services, prices = null } = settings;
  const naming = namingService(services);
  const named = (service: string, rendered: Rendered | null) => (rendered === null ? null : naming(service, rendered));
  return {
    card: (card) => naming(card.service, cardBlocks(card, prices)),
    line: (card, entry, called = ALL_APPROVERS) =>
      named(card.service, threadLine(card, entry, mentionOf(called, approversMention))),
    notice: (service, entry) => named(service, notice(entry, services.length > 1 ? service : null, prices)),
  };
}

/** null: nobody is left to be called. */
function mentionOf(called: Called, approversMention: string): string | null {
  return called.kind === 'approvers' ? approversMention : peopleMention(called.ids);
}

function cardBlocks(card: Card, prices: Prices | null): Rendered {
  switch (card.kind) {
    case 'rollout':
      return rolloutCard(card, prices);
    case 'rollback':
      return rollbackCard(card);
    case 'model':
      return modelCard(card);
    case 'model-alarm':
      return modelAlarmCard(card);
    case 'cleanup':
      return cleanupCard(card);
  }
}
