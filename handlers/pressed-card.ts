import { text } from '../blocks/inline.ts';
import { oldCard } from '../blocks/old-card.ts';
import { notice } from '../blocks/refusal.ts';
import type { Rendered } from '../src/ports/channel.ts';
import type { AnswerTo } from '../src/ports/conversation.ts';
import type { Request } from '../src/rollout/api.ts';
import { keyOfPress } from './command-key.ts';
import type { HandlerDeps } from './handler-deps.ts';
import type { Pressed } from './incoming.ts';
import { serviceOfId } from './service-choice.ts';
import type { Submit } from './submitting.ts';

/** Where a press is answered. */
export function answerTo(pressed: Pressed): AnswerTo {
  return { person: pressed.person, channel: pressed.channel, responseUrl: pressed.responseUrl };
}

/** What opens a modal for the answer where a press has no channel: on Home, or in a modal. */
export function triggerOf({ channel, triggerId }: Pressed): string | null {
  return channel === null ? triggerId : null;
}

/**
 * A press on a button of a card. The button carries an id and nothing else, so a press on an orphan or outdated card is
 * as safe as any: the core decides by the record. Afterwards such a card is settled with a link to the real one.
 */
export function createPressedCard(
  deps: Pick<HandlerDeps, 'services' | 'conversation' | 'cards'> & { readonly submit: Submit },
) {
  const { conversation, cards } = deps;

  async function settleOrphan(pressed: Pressed): Promise<void> {
    const { channel, messageTs, value } = pressed;
    const service = configuredService(value);
    if (channel === null || messageTs === null || service === null) return;
    const recorded = await cards.recorded(service, value);
    if (recorded.kind === 'unknown' || recorded.value === null) return;
    if (recorded.value.channel === channel && recorded.value.ts === messageTs) return;
    const way = await conversation.permalink(recorded.value.channel, recorded.value.ts);
    await conversation.rewrite(channel, messageTs, oldCard(value, way));
  }

  function configuredService(id: string): string | null {
    const service = serviceOfId(id);
    return deps.services.some(({ name }) => name === service) ? service : null;
  }

  return {
    settleOrphan,
    async answer(pressed: Pressed, requestOf: (id: string) => Request): Promise<Rendered> {
      const service = configuredService(pressed.value);
      if (service === null) {
        return notice([text('This button belongs to a service that is not configured any more. Nothing was done.')]);
      }
      return deps.submit({
        person: pressed.person,
        channel: pressed.channel,
        service,
        request: requestOf(pressed.value),
        key: keyOfPress(pressed),
      });
    },
  };
}

export type PressedCard = ReturnType<typeof createPressedCard>;
