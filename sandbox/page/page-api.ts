import { z } from 'zod';
import type { Sandbox } from '../start-sandbox.ts';
import type { ProdCaller } from './ask-prod.ts';
import { pageSetup } from './page-setup.ts';
import type { RecordFeed } from './record-feed.ts';
import { slackSnapshot } from './slack-snapshot.ts';
import { turnSwitch } from './switches.ts';

/** What a request was answered with; `refused` says what is wrong with the request. */
export type PageReply =
  | { readonly kind: 'json'; readonly body: unknown }
  | { readonly kind: 'text'; readonly name: string; readonly body: string }
  | { readonly kind: 'refused'; readonly status: number; readonly why: string };

export interface PageApiDeps {
  readonly sandbox: Sandbox;
  readonly record: RecordFeed;
  readonly prod: ProdCaller;
  /** Something changed that open pages should see now. */
  changed(): void;
}

const MAX_SPEED = 100_000;
const switchRequest = z.strictObject({ id: z.string(), on: z.boolean() });
const speedRequest = z.strictObject({ speed: z.number().positive().max(MAX_SPEED) });
const passenger = z.strictObject({
  passengerClass: z.string().max(20),
  sex: z.string().max(20),
  age: z.string().max(10),
});

const json = (body: unknown): PageReply => ({ kind: 'json', body });
const refused = (status: number, why: string): PageReply => ({ kind: 'refused', status, why });

/** What the page asks by GET. */
export async function answerLook(deps: PageApiDeps, name: string, query: URLSearchParams): Promise<PageReply> {
  const { slack } = deps.sandbox;
  switch (name) {
    case 'setup':
      return json(pageSetup());
    case 'slack':
      return json(await slackSnapshot(slack.control, query.get('as') ?? ''));
    case 'record':
      return json(await deps.record.after(0));
    case 'bot-log':
      return json(deps.sandbox.bot().tail());
    case 'file': {
      const file = (await slack.control.files()).find(({ id }) => id === query.get('id'));
      return file === undefined ? refused(404, 'There is no such file.') : { kind: 'text', ...file, body: file.text };
    }
    default:
      return refused(404, 'There is nothing here.');
  }
}

/** What the page does by POST. */
export async function answerDeed(deps: PageApiDeps, name: string, body: unknown): Promise<PageReply> {
  const reply = await deed(deps, name, body);
  if (reply.kind === 'json') deps.changed();
  return reply;
}

async function deed({ sandbox, prod }: PageApiDeps, name: string, body: unknown): Promise<PageReply> {
  switch (name) {
    case 'switch': {
      const asked = switchRequest.safeParse(body);
      if (!asked.success) return refused(400, 'A switch has an id and is on or off.');
      const known = await turnSwitch(sandbox, asked.data.id, asked.data.on);
      return known ? json({}) : refused(404, 'There is no such switch.');
    }
    case 'speed': {
      const asked = speedRequest.safeParse(body);
      if (!asked.success) return refused(400, `A speed is a number above 0 and at most ${MAX_SPEED}.`);
      await sandbox.sagemaker.control.setSpeed(asked.data.speed);
      return json({});
    }
    case 'kill-bot':
      await sandbox.bot().end('SIGKILL');
      return json({});
    case 'start-bot':
      await sandbox.startBot();
      return json({});
    case 'ask-prod': {
      const asked = passenger.safeParse(body);
      return asked.success
        ? json(await prod.ask(asked.data))
        : refused(400, 'A passenger has a class, a sex and an age.');
    }
    default:
      return refused(404, 'There is nothing here.');
  }
}
