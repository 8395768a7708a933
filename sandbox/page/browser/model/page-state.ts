import type { JsonObject, PageSetup, PanelState, SlackSnapshot } from '../../wire.ts';
import type { ReadMarks } from './read-marks.ts';
import type { ChainedEntry } from './record-chain.ts';

export type Place = { readonly kind: 'channel'; readonly id: string } | { readonly kind: 'home' };
export type PanelTab = 'sagemaker' | 'record' | 'faults' | 'ask';
export type Theme = 'system' | 'light' | 'dark';
/** What a narrow screen shows; a wide one shows all of it. */
export type NarrowView = 'channel' | 'menu' | 'panel';

/** Slack's own words to one person, between the messages. */
export interface LocalNotice {
  readonly id: number;
  readonly person: string;
  readonly channel: string;
  /** It stands after this message. */
  readonly afterTs: string;
  readonly text: string;
}

/** A confirm dialog that waits for an answer. */
export interface Asking {
  readonly confirm: JsonObject;
  answer(yes: boolean): void;
}

export interface PageState {
  readonly setup: PageSetup;
  readonly me: string;
  /** Whom the page is about to act as: until Slack is seen with their eyes. */
  readonly turningTo: string | null;
  readonly place: Place;
  readonly thread: { readonly channel: string; readonly ts: string } | null;
  /** null until the first look. */
  readonly slack: SlackSnapshot | null;
  readonly panel: PanelState | null;
  readonly record: readonly ChainedEntry[];
  readonly isConnected: boolean;
  readonly notices: readonly LocalNotice[];
  readonly toast: string | null;
  readonly asking: Asking | null;
  /** What waits for the app's answer: `SURFACE/BLOCK/ACTION`, a view's id, or a deed of the panel. */
  readonly busy: ReadonlySet<string>;
  /** Complaints beside fields, by view and block. */
  readonly fieldErrors: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly marks: ReadMarks;
  /** The line "New" of the open channel stands after this message. */
  readonly newAfter: string | null;
  readonly panelTab: PanelTab;
  readonly narrow: NarrowView;
  readonly theme: Theme;
  /** null: closed. */
  readonly tourStep: number | null;
  /** Words somebody put into the channel's composer; the number makes the same words twice two times. */
  readonly draft: { readonly text: string; readonly count: number };
}

export function initialState(
  setup: PageSetup,
  kept: Pick<PageState, 'me' | 'marks' | 'theme' | 'tourStep'>,
): PageState {
  return {
    setup,
    ...kept,
    turningTo: null,
    place: { kind: 'channel', id: setup.channel },
    thread: null,
    slack: null,
    panel: null,
    record: [],
    isConnected: true,
    notices: [],
    toast: null,
    asking: null,
    busy: new Set(),
    fieldErrors: {},
    newAfter: null,
    panelTab: 'sagemaker',
    narrow: 'channel',
    draft: { text: '', count: 0 },
  };
}
