/** What the page's server and its browser modules tell each other. Types only: both sides import it. */

/** Any JSON value. `undefined` members are allowed because they vanish when written out. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json | undefined };

export interface PagePerson {
  readonly id: string;
  readonly name: string;
  /** `operator`, `approver`, `guest` …: what they are to titanic and to Slack. */
  readonly roles: readonly string[];
  readonly isBot: boolean;
  readonly canAct: boolean;
}

export interface PageGroup {
  readonly id: string;
  readonly handle: string;
  readonly members: readonly string[];
}

export interface PageChannel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'channel' | 'direct';
  readonly shared: boolean;
  readonly members: readonly string[];
}

export interface PageFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly bytes: number;
}

export interface PageMessage {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  /** Only the person who looks sees it. */
  readonly ephemeral: boolean;
  /** Slack itself writes "(edited)". */
  readonly edited: boolean;
  /** How often its content was replaced. */
  readonly updates: number;
  readonly files: readonly PageFile[];
  readonly reactions: readonly { readonly name: string; readonly users: readonly string[] }[];
}

/** Slack as one person sees it. */
export interface SlackSnapshot {
  readonly revision: number;
  readonly me: string;
  readonly workspaceName: string;
  readonly botId: string;
  readonly people: readonly PagePerson[];
  readonly groups: readonly PageGroup[];
  readonly channels: readonly PageChannel[];
  readonly messages: readonly PageMessage[];
  /** Open modals, the one on top last. */
  readonly views: readonly JsonObject[];
  readonly home: JsonObject | null;
  readonly away: boolean;
}

export interface PageEndpoint {
  readonly name: string;
  readonly environment: 'staging' | 'prod';
  /** null: there is no such endpoint. */
  readonly status: string | null;
  readonly config: string | null;
  /** null: nothing, or nothing of a package. */
  readonly version: number | null;
  readonly pending: {
    readonly config: string;
    readonly version: number | null;
    readonly sinceMs: number;
    readonly words: string;
    /** When what it is doing is over; null: nobody knows. */
    readonly stepEndsMs: number | null;
    /** Who answers meanwhile, the old fleet first, in percent of the requests. */
    readonly fleets: readonly { readonly version: number | null; readonly percent: number }[];
    /** The alarms of the new fleet. */
    readonly alarms: readonly { readonly name: string; readonly state: string }[];
  } | null;
  readonly failureReason: string | null;
  readonly modifiedMs: number | null;
  /** Requests that its live fleet answered. */
  readonly answered: number;
}

export interface PagePackage {
  readonly version: number;
  readonly approval: string;
  readonly description: string;
}

export interface PageDiaryLine {
  readonly seq: number;
  readonly atMs: number;
  readonly tone: 'good' | 'bad' | 'plain';
  readonly words: string;
}

/** One thing that can be made to go wrong. */
export interface PageSwitch {
  readonly id: string;
  readonly group: 'SageMaker' | 'The model' | 'Slack';
  readonly label: string;
  readonly explains: string;
  readonly on: boolean;
  /** How often it struck since it was switched on; null where that is not counted. */
  readonly struck: number | null;
}

export type BotState = 'ready' | 'not ready' | 'gone';

/** What stands beside the channel. */
export interface PanelState {
  readonly nowMs: number;
  readonly speed: number;
  readonly bot: { readonly state: BotState; readonly pid: number; readonly transport: 'socket' | 'http' };
  readonly endpoints: readonly PageEndpoint[];
  readonly packages: readonly PagePackage[];
  readonly diary: readonly PageDiaryLine[];
  readonly switches: readonly PageSwitch[];
}

/** An entry of the record as it is stored: `hash` is the sha256 of exactly `body`. */
export interface StoredItem {
  readonly seq: number;
  readonly body: string;
  readonly hash: string;
  readonly prevHash: string;
}

export interface CommandWord {
  readonly verb: string;
  readonly words: string;
  readonly does: string;
  /** What the one word after the verb is. */
  readonly word: string;
  readonly options: readonly string[];
}

/** An entry of Slack's own menus. */
export interface PageShortcut {
  readonly name: string;
  readonly type: 'global' | 'message';
  readonly callbackId: string;
}

/** What never changes while the sandbox runs. */
export interface PageSetup {
  readonly command: string;
  readonly commandWords: readonly CommandWord[];
  readonly shortcuts: readonly PageShortcut[];
  readonly service: string;
  readonly channel: string;
  readonly firstPerson: string;
}

export interface Passenger {
  readonly passengerClass: string;
  readonly sex: string;
  readonly age: string;
}

/** What the inference API answered: a probability, or its problem in words. */
export interface ProdAnswer {
  readonly ok: boolean;
  readonly request: string;
  readonly reply: string;
  readonly tookMs: number;
  /** The version that answered, in the API's own words; two while prod is being updated. */
  readonly version: string | null;
}
