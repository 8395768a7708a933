import type { Rendered } from '../../src/ports/channel.ts';
import type { Answer } from '../../src/rollout/api.ts';
import type { Card } from '../../src/rollout/card.ts';
import type { Entry, Event } from '../../src/rollout/events.ts';
import type { ReasonCode } from '../../src/rollout/reasons.ts';
import { answer } from '../answer.ts';
import { createRender } from '../render.ts';
import { COSTS } from './costs.ts';
import { FORMS, HOMES, MENTIONS, MENUS } from './home.ts';
import { EVENTS } from './lines.ts';
import { lists, type Usage } from './lists.ts';
import { ALARM_CARDS, CLEANUP_CARDS, MODEL_CARDS, ROLLBACK_CARDS } from './others.ts';
import { AT, rolloutCardOf, rollouts } from './parts.ts';
import { RECOMMENDATIONS } from './recommendations.ts';
import { type Message, ROLLOUT_CARDS } from './rollouts.ts';
import { sample } from './sentences.ts';

/** A message with examples filled in, by what it is about. */
export type Sample = readonly [title: string, shown: Pick<Rendered, 'blocks'>];

/** Everything of one kind that titanic shows. `short`: each is a line or two, without anything to press. */
export interface SampleKind {
  readonly title: string;
  readonly short: boolean;
  readonly samples: readonly Sample[];
}

const render = createRender({
  approversMention: '<!subteam^S0APPROVERS>',
  services: ['survival'],
  prices: { currency: 'USD', perInstanceHour: { 'ml.m5.large': 0.115 } },
});

/** Parts of the list of reasons whose sentences are answers to a person, and how each begins. */
const ANSWERED: Readonly<Record<string, Answer['kind']>> = {
  'accepted commands': 'done',
  'refused: who': 'refused',
  'refused: where it stands': 'refused',
  'refused: the model package': 'refused',
};

/** Each kind of message in each of its states, but for sentences alone. `usage`: the lines of the help. */
export function sampleKinds(usage: Usage): readonly SampleKind[] {
  return [
    cards('A rollout', ROLLOUT_CARDS),
    cards('A rollback', ROLLBACK_CARDS),
    cards('A model package to approve', MODEL_CARDS),
    cards('A rejected model in prod', ALARM_CARDS),
    cards('A clean-up', CLEANUP_CARDS),
    { title: 'Lines in a thread', short: true, samples: threadLines() },
    { title: 'Lists and other answers', short: false, samples: [...lists(usage), ...COSTS, ...RECOMMENDATIONS] },
    { title: 'Home', short: false, samples: HOMES },
    { title: 'The menu', short: false, samples: MENUS },
    { title: 'Called by name', short: false, samples: MENTIONS },
    { title: 'Forms', short: false, samples: FORMS },
  ];
}

/** The sentence of a reason, as whoever asked is told it. `section`: the part of the list that it stands in. */
export function saidOf(section: string, code: ReasonCode): Sample {
  return [code, answer({ kind: ANSWERED[section] ?? 'done', reason: sample(code), subject: null })];
}

function cards(title: string, messages: readonly Message[]): SampleKind {
  return { title, short: false, samples: messages.map(([state, card]) => [state, render.card(card)]) };
}

/** Every line there is; what an event adds nothing for is not named. */
function threadLines(): readonly Sample[] {
  return Object.values(EVENTS)
    .flat()
    .map((event) => {
      const line = render.line(cardFor(event), entryOf(event));
      if (line === null) throw new Error(`${event.type} says nothing in its thread`);
      return [event.type, line];
    });
}

function cardFor(event: Event): Card {
  const about = 'approvalId' in event ? MODEL_CARDS[0] : 'cleanupId' in event ? CLEANUP_CARDS[0] : undefined;
  return about?.[1] ?? rolloutCardOf(rollouts.gate);
}

function entryOf(event: Event): Entry {
  const ids = { writer: 'w', nonce: 'n', prevHash: '', hash: '', reason: null, commandKey: null };
  return { seq: 50, at: AT, rolloutId: 'survival-42', actor: { kind: 'titanic' }, events: [event], ...ids };
}
