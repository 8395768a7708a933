import { status } from '../blocks/status.ts';
import { rolloutStatus, severalStatus } from '../blocks/mention-answer.ts';
import { namingService } from '../blocks/naming-service.ts';
import { refusal } from '../blocks/refusal.ts';
import type { Rendered } from '../src/ports/channel.ts';
import type { ServiceState } from '../src/rollout/state.ts';
import type { Actors } from './actor.ts';
import type { Answering } from './answering.ts';
import { createBucket } from './bucket.ts';
import { findCard } from './found-card.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { type Mention, readMention } from './incoming-shortcut.ts';

/** Answers that all see, of all people together; beyond, only who asked is answered. The channel is for the cards. */
const SEEN_AT_ONCE = 5;
const SEEN_PER_MINUTE = 10;

/**
 * Somebody calls titanic by name. In the thread of a card that is answered there with how it stands, elsewhere in the
 * channel with how the services stand; in other channels, where guests may read, only who asked is answered. What apps
 * write, titanic itself among them, is never answered, so nothing can go round in a circle.
 */
export function createMentioned(
  answering: Answering,
  deps: Pick<
    HandlerDeps,
    'services' | 'rollouts' | 'cards' | 'channel' | 'frozen' | 'claimOnce' | 'me' | 'clock' | 'log'
  > & { readonly actors: Pick<Actors, 'mayAsk'> },
) {
  const names = deps.services.map(({ name }) => name);
  const naming = namingService(deps.services);
  const seenByAll = createBucket(deps.clock, SEEN_AT_ONCE, SEEN_PER_MINUTE);

  async function answer(mention: Mention): Promise<Rendered | null> {
    const refused = await deps.actors.mayAsk(mention.person, mention.channel);
    if (refused !== null) return refusal(refused);
    const told = await whatStands(mention);
    if (mention.channel !== deps.channel.id || !seenByAll.take()) return told;
    // Slack may send one mention several times, under other ids and to other replicas; all would see each answer.
    if (!(await deps.claimOnce(names[0] ?? '', `mention#${mention.channel}#${mention.ts}`))) return null;
    const posted = await deps.channel.post(told, mention.threadTs ?? mention.ts);
    return posted.kind === 'posted' ? null : told;
  }

  async function whatStands({ channel, threadTs }: Mention): Promise<Rendered> {
    const card = threadTs === null ? null : await findCard(deps, channel, threadTs);
    if (card?.kind === 'known' && card.value !== null) {
      const { service, id } = card.value;
      const state = await deps.rollouts.state(service);
      if (state.kind === 'known') return naming(service, rolloutStatus(state.value, id));
    }
    const states = await Promise.all(names.map((name) => deps.rollouts.state(name)));
    const known = states.flatMap((state): readonly ServiceState[] => (state.kind === 'known' ? [state.value] : []));
    const [only, ...others] = known;
    if (only !== undefined && others.length === 0 && names.length === 1) {
      return status(only, deps.frozen(only.service));
    }
    return severalStatus(known, names.length - known.length);
  }

  return async ({ body }: { readonly body: unknown }): Promise<void> => {
    const me = deps.me();
    await answering.acknowledge({ ack: async () => undefined, body, context: {} }, () => {
      const mention = readMention(body, me?.botUserId ?? null);
      const isOurs = mention?.team == null || mention.team === me?.teamId;
      if (mention === null || !isOurs) return { ignored: mention === null ? 'an app' : 'another workspace' };
      return {
        to: { person: mention.person, channel: mention.channel, responseUrl: null },
        what: 'mention',
        lane: 'ordinary',
        answer: () => answer(mention),
      };
    });
  };
}
