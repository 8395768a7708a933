import { versionWords } from '../blocks/candidate-words.ts';
import { leaveModal } from '../blocks/forms.ts';
import { code, text } from '../blocks/inline.ts';
import { notice, refusal } from '../blocks/refusal.ts';
import type { Rendered } from '../src/ports/channel.ts';
import { isRollback, leavesOf } from '../src/rollout/leaving.ts';
import type { ServiceState } from '../src/rollout/state.ts';
import type { Actors } from './actor.ts';
import type { Answering } from './answering.ts';
import { writeMetadata } from './form-metadata.ts';
import { findCard } from './found-card.ts';
import type { HandlerDeps, Listener } from './handler-deps.ts';
import { readMessageShortcut, readShortcut } from './incoming-shortcut.ts';
import type { Queries } from './queries.ts';

/** The menu, from anywhere in Slack. */
export function createMenuShortcut(answering: Answering, deps: { readonly queries: Queries }): Listener {
  return (incoming) =>
    answering.acknowledge(incoming, () => {
      const { person, triggerId } = readShortcut(incoming.body);
      return {
        to: { person, channel: null, responseUrl: null },
        trigger: triggerId,
        what: 'shortcut menu',
        lane: 'ordinary',
        answer: () => deps.queries.answer({ verb: 'menu' }, person, null),
      };
    });
}

/**
 * **Roll back what this is about**, in a message's own menu. The message is found by where it stands, in what the
 * announcer noted; what it says is never read. Then a form asks whether and why.
 */
export function createLeaveShortcut(
  answering: Answering,
  deps: Pick<HandlerDeps, 'services' | 'cards' | 'rollouts' | 'conversation'> & {
    readonly actors: Pick<Actors, 'mayAsk'>;
  },
): Listener {
  async function ask(person: string, channel: string, threadTs: string, view: string | null): Promise<Rendered | null> {
    const refused = await deps.actors.mayAsk(person, channel);
    if (refused !== null) return refusal(refused);
    const card = await findCard(deps, channel, threadTs);
    if (card.kind === 'unknown') return unreadable(card.why);
    if (card.value === null) {
      return otherwise('This message is no card of titanic that is still followed, and in no thread of one. ');
    }
    const { service, id } = card.value;
    const state = await deps.rollouts.state(service);
    if (state.kind === 'unknown') return unreadable(state.why);
    const form = leaveForm(state.value, id, channel);
    if (form === null) return otherwise(`What ${id} brought runs nowhere any more, or nothing ran before it. `);
    if (view !== null && (await deps.conversation.updateModal(view, form))) return null;
    return otherwise('Slack did not open the form. ');
  }

  return (incoming) =>
    answering.acknowledge(incoming, () => {
      const { person, channel, threadTs, triggerId, responseUrl } = readMessageShortcut(incoming.body);
      return {
        to: { person, channel, responseUrl },
        trigger: triggerId,
        what: 'shortcut leave',
        lane: 'rollback',
        answer: (view) => ask(person, channel, threadTs, view),
      };
    });
}

/** null: there is nothing of it that could be left. */
function leaveForm(state: ServiceState, id: string, channel: string): object | null {
  const leaves = leavesOf(state, id);
  if (leaves.length === 0) return null;
  const environments = leaves.map(({ environment, from, to }) => ({
    environment,
    from: versionWords(from),
    to: to === null ? null : versionWords(to),
  }));
  const kind = isRollback(state, id) ? 'rollback' : 'rollout';
  return leaveModal({ id, kind, environments }, writeMetadata({ value: id, channel }));
}

function otherwise(why: string): Rendered {
  return notice([text(why), text('To go back all the same: '), code('/titanic rollback'), text('.')]);
}

function unreadable(why: string): Rendered {
  return notice([text('The record cannot be read right now: '), text(why, 200), text('. '), code('/titanic rollback')]);
}
