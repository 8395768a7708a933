import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Record } from '../../sandbox/demo/record.ts';
import { openWorld, type World } from '../../sandbox/demo/serving.ts';
import type { CallEntry } from '../../sandbox/sagemaker/journal.ts';
import type { ActResult, ClickInput, SeenMessage, SlackControl } from '../../sandbox/slack/control/slack-control.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import type { LiveRollout, ServiceState } from '../../src/rollout/state.ts';
import type { TestTimes } from '../../src/test-times.ts';
import { followRecord } from './followed-record.ts';
import { normalised } from './normalised.ts';

export const STAGING = 'titanic-survival-staging';
export const PROD = 'titanic-survival-prod';
export const CHANNEL = 'C0TITANIC';

/** The people of the local workspace, by name. */
export const WHO = {
  olivia: 'U0OPERATOR',
  alice: 'U0ALICE',
  adam: 'U0ADAM',
  /** Operator and approver. */
  bea: 'U0BOTH',
  sam: 'U0STRANGER',
  gus: 'U0GUEST',
  greta: 'U0GONE',
  fred: 'U0FOREIGN',
} as const;

/** Far above what anything takes, because the machine may be busy with other tests. */
const STEP_WITHIN_MS = 45_000;
const LOOK_EVERY_MS = 60;
const SPEED = 1_200;
/** What happens in weeks at work happens here in seconds, so what the channel shows is not slowed down for Slack. */
export const UNPACED: TestTimes = { postsPerMinute: 6_000, cardGapMs: 100, atRestMs: 2_000, lingerMs: 50 };

/** The real bot as a process, driven by what people type and press, and what then is to be seen. */
export interface Journey {
  readonly sandbox: Sandbox;
  readonly slack: SlackControl;
  readonly record: Record;
  readonly world: World;
  /** What only this person is told in answer. */
  types(person: string, text: string, channel?: string): Promise<string>;
  /** Presses a button on the card of a rollout or rollback as it is now, or as it was. */
  presses(person: string, actionId: string, id: string, stale?: SeenMessage): Promise<string>;
  /** Does something in Slack and waits for what only this person is told. */
  answered(person: string, act: () => Promise<ActResult>): Promise<string>;
  /** Waits until the record says so; the record, not the bot. */
  until(what: string, holds: (state: ServiceState) => boolean): Promise<ServiceState>;
  /** The cards of a rollout or rollback in the channel; there should be one. */
  cards(id: string): Promise<readonly SeenMessage[]>;
  /** The newest of them. */
  card(id: string): Promise<SeenMessage | undefined>;
  /** Waits until the card shows the words; what it then shows, with times and ids made equal. */
  shows(id: string, words: RegExp | string): Promise<string>;
  /** Deploys, waits until the record says that its gate is open, and returns the id of the rollout. */
  toTheGate(person: string, words: string): Promise<string>;
  /** Deploys and returns the id at once. */
  deploys(person: string, words: string): Promise<string>;
  /** Promotes in words and waits until prod is checked. */
  promotes(person: string, id: string): Promise<ServiceState>;
  /** How far SageMaker's journal has come. */
  mark(): Promise<number>;
  /** Calls about an endpoint since a mark, by titanic. */
  calls(endpoint: string, since?: number): Promise<readonly CallEntry[]>;
  close(): Promise<void>;
}

export interface JourneyOptions {
  readonly delivery: 'socket' | 'http';
  readonly config?: 'journey' | 'quorum' | 'roles' | 'policy' | 'guarded' | 'staged' | 'idle';
  readonly speed?: number;
  /** Where the bot finds the table, given where it is. */
  readonly tableThrough?: (dynamoUrl: string) => Promise<string>;
  /** Absent: quicker ones than are good at work. */
  readonly times?: TestTimes;
  /** More for the bot's environment. */
  readonly env?: Readonly<{ [name: string]: string }>;
}

export async function startJourney(options: JourneyOptions): Promise<Journey> {
  const { delivery, config = 'journey', speed = SPEED } = options;
  const configPath = fileURLToPath(new URL(`titanic.${config}.yml`, import.meta.url));
  const env = { ...options.env, TITANIC_TEST_TIMES: JSON.stringify(options.times ?? UNPACED) };
  const { tableThrough } = options;
  const through = tableThrough === undefined ? {} : { tableThrough };
  const sandbox = await startSandbox({ delivery, configPath, speed, env, ...through });
  const { control: slack } = sandbox.slack;
  await slack.setRateLimits({ enabled: false });
  await sandbox.startBot();
  const record = followRecord(sandbox.dynamo.url, 'survival');
  const world = openWorld(sandbox.sagemaker.url);

  async function within<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const end = Date.now() + STEP_WITHIN_MS;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (Date.now() > end) break;
      await wait(LOOK_EVERY_MS);
    }
    throw new Error(`Not within ${STEP_WITHIN_MS / 1_000} s: ${what}\n${sandbox.bot().tail().slice(-12).join('\n')}`);
  }

  async function newestTs(channel: string): Promise<string> {
    const seen = await slack.channel({ channel, as: '*' });
    return seen.reduce((newest, { ts }) => (Number(ts) > Number(newest) ? ts : newest), '0');
  }

  async function answered(person: string, act: () => Promise<ActResult>, channel: string = CHANNEL): Promise<string> {
    const afterTs = await newestTs(channel);
    const result = await act();
    if (result.outcome !== 'acknowledged') throw new Error(`Slack says ${result.outcome}: ${result.notice ?? ''}`);
    return within(`${person} is answered`, async () => {
      const seen = await slack.channel({ channel, as: person, afterTs });
      const answer = seen.find((message) => message.ephemeral);
      return answer === undefined ? undefined : normalised(answer.rendered);
    });
  }

  const until: Journey['until'] = (what, holds) =>
    within(what, async () => {
      const state = await record.state();
      return holds(state) ? state : undefined;
    });

  async function cards(id: string): Promise<readonly SeenMessage[]> {
    const seen = await slack.channel({ channel: CHANNEL, as: WHO.alice });
    const posted = seen.filter((message) => message.threadTs === undefined && !message.ephemeral);
    // Each card ends with what it is about; others may mention it.
    return posted.filter(({ blocks }) => new RegExp(`"${id}[" ]`).test(JSON.stringify(blocks.at(-1) ?? {})));
  }

  const card = async (id: string) => (await cards(id)).at(-1);

  const types: Journey['types'] = (person, text, channel = CHANNEL) =>
    answered(person, () => slack.command({ user: person, channel, text }), channel);

  async function deploys(person: string, words: string): Promise<string> {
    const before = await record.state();
    await types(person, words);
    const state = await until(
      `${words} starts`,
      (s) => newest(s) !== undefined && newest(s)?.id !== newest(before)?.id,
    );
    return newest(state)?.id ?? '';
  }

  return {
    sandbox,
    slack,
    record,
    world,
    answered,
    types,
    until,
    card,
    cards,
    deploys,
    async presses(person, actionId, id, stale) {
      const target = stale ?? (await within(`a card of ${id} with ${actionId}`, () => cardWith(id, actionId)));
      const asks = JSON.stringify(blockOf(target, actionId)).includes('"confirm"');
      const press: ClickInput = { user: person, channel: CHANNEL, ts: target.ts, actionId };
      const confirmed: ClickInput = asks ? { ...press, confirm: 'yes' } : press;
      return answered(person, () =>
        slack.click(
          stale === undefined ? confirmed : { ...confirmed, stale: { text: stale.text, blocks: stale.blocks } },
        ),
      );
    },
    shows: (id, words) =>
      within(`the card of ${id} shows ${words}`, async () => {
        const shown = (await card(id))?.rendered ?? '';
        const fits = typeof words === 'string' ? shown.includes(words) : words.test(shown);
        return fits ? normalised(shown) : undefined;
      }),
    async toTheGate(person, words) {
      const id = await deploys(person, words);
      await until(`the gate of ${id} opens`, (s) => rolloutOf(s, id)?.status === 'gate');
      return id;
    },
    async promotes(person, id) {
      await types(person, `promote ${id}`);
      return until(`prod is checked for ${id}`, (s) => s.ended.some((r) => r.id === id));
    },
    async mark() {
      return (await sandbox.sagemaker.control.journal()).at(-1)?.seq ?? 0;
    },
    async calls(endpoint, since = 0) {
      const journal = await sandbox.sagemaker.control.journal(since);
      return journal.filter(
        (entry) => entry.kind === 'call' && entry.by !== 'console' && entry.endpoint === endpoint,
      ) as CallEntry[];
    },
    async close() {
      record.close();
      world.close();
      await sandbox.close();
    },
  };

  async function cardWith(id: string, actionId: string): Promise<SeenMessage | undefined> {
    const found = await card(id);
    return found !== undefined && blockOf(found, actionId) !== undefined ? found : undefined;
  }
}

function blockOf(message: SeenMessage, actionId: string): object | undefined {
  const elements = message.blocks.flatMap((block) => (Array.isArray(block.elements) ? block.elements : []));
  return elements.find((element) => JSON.stringify(element).includes(`"${actionId}"`)) as object | undefined;
}

/** Ids end with the place of their first entry. */
function newest(state: ServiceState): { readonly id: string } | undefined {
  const place = ({ id }: { readonly id: string }) => Number(id.slice(id.lastIndexOf('-') + 1));
  return [...state.rollouts, ...state.ended].toSorted((a, b) => place(b) - place(a))[0];
}

export function rolloutOf(state: ServiceState, id: string): LiveRollout | undefined {
  return state.rollouts.find((rollout) => rollout.id === id);
}
