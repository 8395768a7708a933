import type { Json, JsonObject, PageSetup, Passenger, ProdAnswer, SlackSnapshot, StoredItem } from '../../wire.ts';

/** Slack or the sandbox says no, in words for the person. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** What came of something a person did in Slack. */
export interface Acted {
  readonly outcome: string;
  readonly notice?: string;
  readonly errors?: Readonly<Record<string, string>>;
}

export interface Click {
  readonly user: string;
  readonly channel?: string;
  readonly ts?: string;
  readonly viewId?: string;
  readonly actionId: string;
  readonly blockId: string;
  readonly value?: Json;
  readonly confirm?: 'yes';
}

async function call<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(path, init).catch(() => {
    throw new Refused('The sandbox does not answer. Is it still running?');
  });
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as T;
  const said = typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : '';
  throw new Refused(said === '' ? `The sandbox answered ${response.status}.` : said);
}

function post<T>(path: string, input: object): Promise<T> {
  return call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
}

const act = (verb: string, input: object) => post<Acted>(`/_control/${verb}`, input);

/** Acting in the local Slack. */
export const slack = {
  see: (as: string) => call<SlackSnapshot>(`/page/api/slack?as=${encodeURIComponent(as)}`),
  command: (user: string, channel: string, text: string) => act('command', { user, channel, text }),
  say: (input: { user: string; channel: string; text: string; threadTs?: string }) =>
    post<JsonObject>('/_control/say', input),
  click: (input: Click) => act('click', input),
  submitView: (user: string, viewId: string, values: Readonly<Record<string, Json>>) =>
    act('submitView', { user, viewId, values }),
  closeView: (user: string, viewId: string, all: boolean) => act('closeView', { user, viewId, all }),
  openHome: (user: string) => act('openHome', { user }),
  shortcut: (input: { user: string; callbackId: string; channel?: string; ts?: string }) => act('shortcut', input),
  suggest: (user: string, viewId: string, actionId: string, typed: string) =>
    post<{ readonly options: readonly JsonObject[] }>('/_control/suggest', { user, viewId, actionId, typed }),
} as const;

/** The rest of the sandbox. */
export const sandbox = {
  setup: () => call<PageSetup>('/page/api/setup'),
  record: () => call<readonly StoredItem[]>('/page/api/record'),
  botLog: () => call<readonly string[]>('/page/api/bot-log'),
  turn: (id: string, on: boolean) => post<object>('/page/api/switch', { id, on }),
  setSpeed: (speed: number) => post<object>('/page/api/speed', { speed }),
  killBot: () => post<object>('/page/api/kill-bot', {}),
  startBot: () => post<object>('/page/api/start-bot', {}),
  askProd: (passenger: Passenger) => post<ProdAnswer>('/page/api/ask-prod', passenger),
} as const;

export const fileUrl = (id: string) => `/page/api/file?id=${encodeURIComponent(id)}`;
