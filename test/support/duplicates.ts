import { ACTIONS } from '../../blocks/ids.ts';
import { createRender } from '../../blocks/render.ts';
import { rolloutCardOf, rollouts } from '../../blocks/samples/parts.ts';
import type { JsonObject } from '../../sandbox/slack/json.ts';
import type { StoredEntry } from '../../src/ports/log-store.ts';
import { until } from '../contract/slack-edge-setup.ts';
import { type Replicas, startReplicas } from './replicas.ts';
import { story } from './story.ts';
import { storedOf } from './told-engine.ts';

/** What became of one kind of repetition. */
export interface Repeated {
  readonly kind: string;
  readonly tries: number;
  /** How often Slack delivered something, and was told that it arrived. */
  readonly delivered: number;
  readonly acknowledged: number;
  /** Tries that had exactly one effect, and what the others had and their people were told. */
  readonly once: number;
  readonly others: readonly string[];
}

const WORKED_WITHIN_MS = 30_000;

interface Try {
  readonly service: string;
  readonly people: readonly [string, string];
}

/** Sends what one try delivers; the outcomes that Slack saw. */
type Deliver = (slack: Replicas['slack']['control'], one: Try) => Promise<readonly string[]>;

/** Tries at once, and deliveries that may be acknowledged and not yet worked on. */
const AT_ONCE = 8;
const PENDING_MOST = 24;
const { card } = createRender({ approversMention: '', services: ['survival'] });
/** The gate's card as it stands somewhere in the channel; its buttons carry an id and nothing else. */
const GATE = JSON.stringify(card(rolloutCardOf(rollouts.gate)));

/** Two replicas on one table; each try has a service and two people of its own, so that no limit is in the way. */
export async function repeatEverything(tries: number): Promise<readonly Repeated[]> {
  const all = Array.from({ length: tries }, (_, n): Try => ({ service: `s${n}`, people: [`U0P${n}`, `U0Q${n}`] }));
  const share = Math.ceil(tries / KINDS.length);
  const replicas = await startReplicas({
    services: all.map(({ service }) => service),
    people: all.flatMap(({ people }) => people),
  });
  const results: Repeated[] = [];
  let transport = '';
  for (const [index, kind] of KINDS.entries()) {
    const mine = all.slice(index * share, (index + 1) * share);
    if (kind.over !== transport) {
      const [first] = [await replicas.start(kind.over), await replicas.start(kind.over)];
      if (kind.over === 'http') replicas.slack.setRequestUrl(`${first.url}/slack/events`);
      transport = kind.over;
    }
    if (kind.effect === 'PromotionApproved') await inTurns(mine, (one) => atItsGate(replicas, one.service));
    const outcomes: string[] = [];
    const answeredBefore = replicas.answered();
    const worked = (pending: number) =>
      until(() => replicas.answered() - answeredBefore >= outcomes.length - pending, WORKED_WITHIN_MS);
    await inTurns(mine, async (one) => {
      outcomes.push(...(await kind.deliver(replicas.slack.control, one)));
      await worked(PENDING_MOST);
    });
    await worked(0);
    if (kind.toAnother) {
      const other = await replicas.start(kind.over);
      replicas.slack.setRequestUrl(`${other.url}/slack/events`);
      for (const { id } of (await replicas.slack.control.deliveries()).slice(-mine.length)) {
        outcomes.push((await replicas.slack.control.replay({ deliveryId: id })).ack?.outcome ?? '');
      }
      await worked(0);
    }
    results.push({
      kind: kind.name,
      tries: mine.length,
      delivered: outcomes.length,
      acknowledged: outcomes.filter((outcome) => outcome === 'acknowledged').length,
      once: 0,
      others: [],
    });
  }
  const { store, slack } = replicas;
  const told = await slack.control.channel({ channel: 'C0TITANIC', as: '*' });
  const checked: Repeated[] = [];
  for (const [index, result] of results.entries()) {
    const others: string[] = [];
    for (const { service, people } of all.slice(index * share, (index + 1) * share)) {
      const effects = count(await store.after(service, 0), KINDS[index]?.effect ?? '');
      const answers = told.filter(({ ephemeralTo }) => people.includes(ephemeralTo ?? '')).map(({ text }) => text);
      if (effects !== 1) others.push(`${service}: ${effects} effects, told: ${answers.join(' | ')}`);
    }
    checked.push({ ...result, once: result.tries - others.length, others });
  }
  await replicas.close();
  return checked;
}

function count(entries: readonly StoredEntry[], effect: string): number {
  return entries.reduce((sum, { body }) => sum + body.split(`"type":"${effect}"`).length - 1, 0);
}

async function inTurns(tries: readonly Try[], work: (one: Try) => Promise<void>): Promise<void> {
  const left = [...tries];
  const worker = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function atItsGate({ store }: Replicas, service: string): Promise<void> {
  const told = story({ service, approvalExpiresAfterHours: 200_000 }).begins(2).to('gate');
  for (const entry of storedOf(told)) {
    const { kind } = await store.append(service, entry);
    if (kind !== 'stored') throw new Error(`${service} could not be brought to its gate: ${kind}`);
  }
}

const words = ({ service, people }: Try) => ({
  user: people[0],
  channel: 'C0TITANIC',
  text: `lock staging --service ${service} -- again and again`,
});

function press({ service, people }: Try, who: 0 | 1) {
  const stale = JSON.parse(GATE.replaceAll('survival-42', `${service}-1`)) as { text: string; blocks: JsonObject[] };
  return {
    user: people[who],
    channel: 'C0TITANIC',
    ts: '1700000000.000100',
    actionId: ACTIONS.promote,
    confirm: 'yes',
    stale,
  } as const;
}

async function outcomesOf(
  sent: readonly Promise<{ readonly ack?: { readonly outcome: string } }>[],
): Promise<string[]> {
  return (await Promise.all(sent)).map(({ ack }) => ack?.outcome ?? '');
}

/** In the order in which they are tried; sockets come first, because Slack uses one transport at a time. */
const KINDS: readonly {
  readonly name: string;
  readonly over: 'socket' | 'http';
  readonly effect: 'HoldPlaced' | 'PromotionApproved';
  readonly toAnother?: true;
  readonly deliver: Deliver;
}[] = [
  {
    name: 'the same envelope, three times, to either replica',
    over: 'socket',
    effect: 'HoldPlaced',
    async deliver(slack, one) {
      const first = await slack.command(words(one));
      const { deliveryId } = first;
      // One after the other: an acknowledgement names its envelope and nothing else.
      const again = [await slack.replay({ deliveryId }), await slack.replay({ deliveryId })];
      return [first.outcome, ...again.map(({ ack }) => ack?.outcome ?? '')];
    },
  },
  {
    name: 'the same words under three envelope ids at once',
    over: 'socket',
    effect: 'HoldPlaced',
    async deliver(slack, one) {
      const payload = await slack.commandPayload(words(one));
      return outcomesOf([1, 2, 3].map(() => slack.raw({ kind: 'slash_commands', payload })));
    },
  },
  {
    name: 'the same press under three envelope ids at once',
    over: 'socket',
    effect: 'PromotionApproved',
    async deliver(slack, one) {
      const payload = await slack.clickPayload(press(one, 0));
      return outcomesOf([1, 2, 3].map(() => slack.raw({ kind: 'interactive', payload })));
    },
  },
  {
    name: 'a double click',
    over: 'socket',
    effect: 'PromotionApproved',
    deliver: async (slack, one) =>
      (await Promise.all([slack.click(press(one, 0)), slack.click(press(one, 0))])).map(({ outcome }) => outcome),
  },
  {
    name: 'two approvers at once',
    over: 'socket',
    effect: 'PromotionApproved',
    deliver: async (slack, one) =>
      (await Promise.all([slack.click(press(one, 0)), slack.click(press(one, 1))])).map(({ outcome }) => outcome),
  },
  {
    name: 'HTTP retries, signed anew, with their headers',
    over: 'http',
    effect: 'HoldPlaced',
    async deliver(slack, one) {
      const payload = await slack.commandPayload(words(one));
      const attempts = [1, 2].map((retryAttempt) =>
        slack.raw({
          kind: 'slash_commands',
          payload,
          retry: { retryAttempt, retryReason: 'http_timeout' },
          tampering: { timestampOffsetSeconds: -10 * retryAttempt },
        }),
      );
      return outcomesOf([slack.raw({ kind: 'slash_commands', payload }), ...attempts]);
    },
  },
  {
    name: 'a recorded request, replayed to another replica',
    over: 'http',
    effect: 'HoldPlaced',
    toAnother: true,
    deliver: async (slack, one) => [(await slack.command(words(one))).outcome],
  },
];
