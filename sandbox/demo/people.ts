import { setTimeout as wait } from 'node:timers/promises';
import type { ActResult, SeenMessage, SlackControl } from '../slack/control/slack-control.ts';
import type { Transcript } from './transcript.ts';

const CHANNEL = 'C0TITANIC';

/** Who acts in the demo, and what they are. */
export const PEOPLE = {
  olivia: { id: 'U0OPERATOR', name: 'Olivia (operator)' },
  bea: { id: 'U0BOTH', name: 'Bea (operator and approver)' },
  alice: { id: 'U0ALICE', name: 'Alice (approver)' },
  adam: { id: 'U0ADAM', name: 'Adam (approver)' },
  sam: { id: 'U0STRANGER', name: 'Sam (no role)' },
  gus: { id: 'U0GUEST', name: 'Gus (guest)' },
} as const;

export type Person = (typeof PEOPLE)[keyof typeof PEOPLE];

/** People typing and pressing in the local Slack, as the transcript tells it. */
export interface Stage {
  types(person: Person, text: string): Promise<string>;
  /** Presses a button of the newest card that has it. */
  presses(person: Person, actionId: string, label: string): Promise<string>;
  /** The card of a rollout or rollback as the channel shows it now. */
  card(id: string): Promise<SeenMessage | undefined>;
  showCard(id: string): Promise<void>;
}

/** How long an answer may take, and how often it is looked for. */
const ANSWER_WITHIN_MS = 8_000;
const LOOK_EVERY_MS = 40;

/** `place`: what the channel is called in the transcript. */
export function createStage(slack: SlackControl, transcript: Transcript, place: string): Stage {
  async function answered(person: Person, afterTs: string, act: () => Promise<ActResult>): Promise<string> {
    const result = await act();
    if (result.outcome !== 'acknowledged') throw new Error(`Slack says ${result.outcome}: ${result.notice ?? ''}`);
    const until = Date.now() + ANSWER_WITHIN_MS;
    while (Date.now() < until) {
      const seen = await slack.channel({ channel: CHANNEL, as: person.id, afterTs });
      const answer = seen.find((m) => m.ephemeral);
      if (answer !== undefined) {
        transcript.shows(`${person.name} is answered`, answer.rendered);
        return answer.rendered;
      }
      await wait(LOOK_EVERY_MS);
    }
    throw new Error(`${person.name} got no answer`);
  }

  async function newest(): Promise<string> {
    const seen = await slack.channel({ channel: CHANNEL, as: '*' });
    return (
      seen
        .map((m) => m.ts)
        .sort()
        .at(-1) ?? '0'
    );
  }

  async function messages(): Promise<readonly SeenMessage[]> {
    const seen = await slack.channel({ channel: CHANNEL, as: PEOPLE.alice.id });
    return seen.filter((m) => m.threadTs === undefined && !m.ephemeral).reverse();
  }

  // Each card ends with what it is about; others may mention it, and one id may begin as another does.
  const card = async (id: string) =>
    (await messages()).find((m) => new RegExp(`"${id}[" ]`).test(JSON.stringify(m.blocks.at(-1) ?? {})));

  return {
    card,
    async types(person, text) {
      transcript.does(person.name, `types  /titanic ${text}`);
      return answered(person, await newest(), () => slack.command({ user: person.id, channel: CHANNEL, text }));
    },
    async presses(person, actionId, label) {
      transcript.does(person.name, `presses [${label}]`);
      const target = (await messages()).find((m) => JSON.stringify(m.blocks).includes(`"${actionId}"`));
      if (target === undefined) throw new Error(`No card has the button ${label}`);
      const asks = JSON.stringify(target.blocks).includes('"confirm"');
      const press = { user: person.id, channel: CHANNEL, ts: target.ts, actionId };
      return answered(person, await newest(), () => slack.click(asks ? { ...press, confirm: 'yes' } : press));
    },
    async showCard(id) {
      transcript.shows(place, (await card(id))?.rendered ?? `(no card of ${id})`);
    },
  };
}
