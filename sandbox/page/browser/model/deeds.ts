import type { Json, JsonObject, PagePerson, Passenger, ProdAnswer } from '../../wire.ts';
import { isObject } from '../text/json.ts';
import { type Following, newLine } from './follow-changes.ts';
import type { PageState, PanelTab, Place, Theme } from './page-state.ts';
import { remember } from './remembered.ts';
import { type Acted, Refused, sandbox, slack } from './server.ts';
import type { Store } from './store.ts';

/** Where an element stands: in a message, or in a view. */
export type Surface =
  | { readonly kind: 'message'; readonly channel: string; readonly ts: string }
  | { readonly kind: 'view'; readonly id: string };

export const surfaceId = (surface: Surface) =>
  surface.kind === 'view' ? surface.id : `${surface.channel}/${surface.ts}`;
export const elementId = (surface: Surface, blockId: string, actionId: string) =>
  `${surfaceId(surface)}/${blockId}/${actionId}`;

/** Everything that can be done on the page. */
export interface Deeds {
  actAs(person: string): Promise<void>;
  go(place: Place): Promise<void>;
  openThread(channel: string, ts: string): void;
  closeThread(): void;
  /** A slash command, or words. Answers whether it was sent. */
  send(channel: string, text: string, threadTs?: string): Promise<boolean>;
  click(surface: Surface, blockId: string, element: JsonObject, value?: Json): Promise<void>;
  submit(viewId: string, values: Readonly<Record<string, Json>>): Promise<void>;
  closeView(viewId: string, all: boolean): Promise<void>;
  /** One of the app's shortcuts, on a message or from anywhere. */
  useShortcut(callbackId: string, message?: { readonly channel: string; readonly ts: string }): Promise<void>;
  /** What the app offers for what is typed into one of its menus. */
  suggest(viewId: string, actionId: string, typed: string): Promise<readonly JsonObject[]>;
  turn(id: string, on: boolean): Promise<void>;
  setSpeed(speed: number): Promise<void>;
  killBot(): Promise<void>;
  startBot(): Promise<void>;
  askProd(passenger: Passenger): Promise<ProdAnswer | null>;
  showTab(tab: PanelTab): void;
  showNarrow(view: PageState['narrow']): void;
  setTheme(theme: Theme): void;
  setTour(step: number | null): void;
  putInComposer(text: string): void;
  dismissToast(): void;
}

const TOAST_MS = 8_000;

export function createDeeds(store: Store<PageState>, following: Following): Deeds {
  let toastTimer: ReturnType<typeof setTimeout> | undefined;
  let noticeId = 0;

  function toast(text: string): void {
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => store.change({ toast: null }), TOAST_MS);
    store.change({ toast: text });
  }

  /** Runs something that the person waits for; a refusal becomes words, anything else is a fault of the page. */
  async function during<T>(busyId: string, run: () => Promise<T>): Promise<T | null> {
    const { busy } = store.get();
    if (busy.has(busyId)) return null;
    store.change({ busy: new Set([...busy, busyId]) });
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      toast(sentence(error.message));
      return null;
    } finally {
      store.change({ busy: new Set([...store.get().busy].filter((id) => id !== busyId)) });
    }
  }

  function lookAnew(): void {
    store.change({ newAfter: newLine(store.get()) });
    following.markSeen();
  }

  function note(channel: string, text: string): void {
    noticeId += 1;
    const { notices, me, slack: seen } = store.get();
    const afterTs = seen?.messages.filter((one) => one.channel === channel).at(-1)?.ts ?? '0';
    store.change({ notices: [...notices, { id: noticeId, person: me, channel, afterTs, text }] });
  }

  function hear({ notice }: Acted, channel: string | undefined): void {
    if (notice === undefined) return;
    if (channel === undefined) toast(sentence(notice));
    else note(channel, notice);
  }

  function ask(confirm: JsonObject): Promise<boolean> {
    return new Promise((resolve) => {
      const answer = (yes: boolean) => {
        store.change({ asking: null });
        resolve(yes);
      };
      store.change({ asking: { confirm, answer } });
    });
  }

  return {
    async actAs(person) {
      remember('me', person);
      store.change({ thread: null });
      await following.lookAs(person);
      const { slack: seen, place, setup } = store.get();
      if (place.kind === 'channel' && !seen?.channels.some(({ id }) => id === place.id)) {
        const first = seen?.channels.find(({ id }) => id === setup.channel) ?? seen?.channels[0];
        if (first) store.change({ place: { kind: 'channel', id: first.id } });
      }
      if (store.get().place.kind === 'home') await during('home', () => slack.openHome(person));
    },
    async go(place) {
      store.change({ place, narrow: 'channel' });
      lookAnew();
      if (place.kind !== 'home') return;
      const acted = await during('home', () => slack.openHome(store.get().me));
      if (acted !== null) hear(acted, undefined);
    },
    openThread(channel, ts) {
      store.change({ thread: { channel, ts }, narrow: 'channel' });
      following.markSeen();
    },
    closeThread: () => store.change({ thread: null }),
    async send(channel, text, threadTs) {
      const { me, setup } = store.get();
      const isCommand = text.startsWith('/');
      if (!isCommand) {
        const said = {
          user: me,
          channel,
          text: withMentions(escaped(text), store.get().slack?.people ?? []),
          ...(threadTs === undefined ? {} : { threadTs }),
        };
        return (await during('send', () => slack.say(said))) !== null;
      }
      const [word = '', ...rest] = text.split(/\s/);
      if (threadTs !== undefined) {
        toast(`${word} is not supported in threads. Slack says the same.`);
        return false;
      }
      if (word !== setup.command) {
        note(channel, `${word} is not a valid command. The only one here is ${setup.command}.`);
        return true;
      }
      const acted = await during('send', () => slack.command(me, channel, rest.join(' ')));
      if (acted !== null) hear(acted, channel);
      return acted !== null;
    },
    async click(surface, blockId, element, value) {
      const actionId = String(element.action_id);
      if (isObject(element.confirm) && !(await ask(element.confirm))) return;
      const own = element.type === 'button' ? element.value : value;
      const where = surface.kind === 'view' ? { viewId: surface.id } : { channel: surface.channel, ts: surface.ts };
      const press = {
        user: store.get().me,
        ...where,
        actionId,
        blockId,
        ...(own === undefined ? {} : { value: own }),
        ...(isObject(element.confirm) ? { confirm: 'yes' as const } : {}),
      };
      const acted = await during(elementId(surface, blockId, actionId), () => slack.click(press));
      if (acted !== null) hear(acted, undefined);
    },
    async submit(viewId, values) {
      const acted = await during(viewId, () => slack.submitView(store.get().me, viewId, values));
      if (acted === null) return;
      store.change({ fieldErrors: { ...store.get().fieldErrors, [viewId]: acted.errors ?? {} } });
      hear(acted, undefined);
    },
    async closeView(viewId, all) {
      await during(viewId, () => slack.closeView(store.get().me, viewId, all));
    },
    async useShortcut(callbackId, message) {
      const acted = await during('shortcut', () => slack.shortcut({ user: store.get().me, callbackId, ...message }));
      if (acted !== null) hear(acted, message?.channel);
    },
    async suggest(viewId, actionId, typed) {
      const found = await slack.suggest(store.get().me, viewId, actionId, typed).catch((error: unknown) => {
        if (!(error instanceof Refused)) throw error;
        return { options: [] };
      });
      return found.options;
    },
    async turn(id, on) {
      await during(`switch/${id}`, () => sandbox.turn(id, on));
    },
    async setSpeed(speed) {
      await during('speed', () => sandbox.setSpeed(speed));
    },
    async killBot() {
      await during('bot', () => sandbox.killBot());
    },
    async startBot() {
      await during('bot', () => sandbox.startBot());
    },
    askProd: (passenger) => during('ask', () => sandbox.askProd(passenger)),
    showTab: (panelTab) => store.change({ panelTab }),
    showNarrow: (narrow) => store.change({ narrow }),
    setTheme(theme) {
      remember('theme', theme);
      store.change({ theme });
    },
    setTour(tourStep) {
      remember('tour', tourStep ?? 'closed');
      store.change({ tourStep });
    },
    putInComposer: (text) => store.change({ draft: { text, count: store.get().draft.count + 1 }, narrow: 'channel' }),
    dismissToast: () => store.change({ toast: null }),
  };
}

/** What people type is text; only apps send markup of their own. */
/** `@titanic` becomes what Slack makes of a name that is chosen while somebody types. */
function withMentions(text: string, people: readonly PagePerson[]): string {
  return text.replace(/(^|\s)@(\w+)/g, (all, before: string, name: string) => {
    const called = people.find((person) => person.name.toLowerCase() === name.toLowerCase());
    return called === undefined ? all : `${before}<@${called.id}>`;
  });
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function sentence(words: string): string {
  const trimmed = words.trim();
  const upper = `${trimmed.slice(0, 1).toUpperCase()}${trimmed.slice(1)}`;
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
}
