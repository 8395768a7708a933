import type { LoggedCall } from '../call-log.ts';
import type { DeliveryKind } from '../delivery/acknowledgement.ts';
import type { Delivery } from '../delivery/deliverer.ts';
import type { Tampering } from '../delivery/signed-request.ts';
import type { DisconnectReason } from '../delivery/socket-hub.ts';
import type { ApiFault, DeliveryFault } from '../faults.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Channel, User, UserGroup, World } from '../world.ts';

/** A message as a person sees it. */
export interface SeenMessage {
  channel: string;
  ts: string;
  threadTs?: string;
  user: string;
  userName: string;
  text: string;
  blocks: JsonObject[];
  metadata?: JsonObject;
  /** Only the person who asks sees it. */
  ephemeral: boolean;
  ephemeralTo?: string;
  edited: boolean;
  deleted: boolean;
  /** What it said before, oldest first. */
  earlier: { atMs: number; text: string; blocks: JsonObject[] }[];
  fileIds: string[];
  reactions: { name: string; users: string[] }[];
  /** The message in plain words, as `renderText` gives it. */
  rendered: string;
}

export interface SeenFile {
  id: string;
  name: string;
  title: string;
  channels: string[];
  bytes: number;
  /** The content as UTF-8 text. */
  text: string;
}

/** What a person sees after they did something. */
export interface ActResult {
  /** Of the delivery that this caused; 0 when nothing was sent. */
  deliveryId: number;
  /**
   * `acknowledged` by the app in time; `operation_timeout` and `dispatch_failed` as Slack's own notice says;
   * `cancelled`: the person said no in the confirm dialog; `incomplete`: Slack did not submit the form.
   */
  outcome: 'acknowledged' | 'operation_timeout' | 'dispatch_failed' | 'cancelled' | 'incomplete';
  latencyMs: number;
  /** Slack's own words to the person when the app failed. */
  notice?: string;
  /** Complaints beside the fields of a form, by block id. */
  errors?: Record<string, string>;
  /** Messages of the app that this person saw come since they acted, in this channel or to them alone. */
  responses: SeenMessage[];
  /** The modal on top for this person, if any is open. */
  view?: JsonObject;
}

/** After the acknowledgement, wait for an answer, and until nothing has changed for this long (at most 5 s in all). Default 0. */
interface Settle {
  settleMs?: number;
}

export interface CommandInput extends Settle {
  user: string;
  channel: string;
  text: string;
  /** Default: the first command of the app. */
  command?: string;
}

export interface ClickInput extends Settle {
  user: string;
  /** The message that is clicked: its channel and ts. Or the id of an open view. */
  channel?: string;
  ts?: string;
  viewId?: string;
  actionId: string;
  blockId?: string;
  /** For a button: which one of several. For a menu: the value of the option, or the id that is chosen. */
  value?: Json;
  /** Needed when the element asks to confirm, and refused when it does not. */
  confirm?: 'yes' | 'no';
  /** Clicks in this copy of the message instead of the current one: an old card, or a card that is gone. */
  stale?: Pick<SeenMessage, 'text' | 'blocks'>;
}

export interface SubmitInput extends Settle {
  user: string;
  viewId: string;
  /** By action id or block id. Missing ones keep what the view shows. */
  values?: Record<string, Json>;
}

export interface ShortcutInput extends Settle {
  user: string;
  callbackId: string;
  /** The message in whose menu it is chosen; absent for one that is not of a message. */
  channel?: string;
  ts?: string;
}

export interface SuggestInput {
  user: string;
  viewId: string;
  actionId: string;
  typed: string;
}

/** What the app offers for what was typed. */
export interface Suggested {
  /** `not_asked`: too little is typed. `unusable`: the answer is none that Slack can show. */
  outcome: 'acknowledged' | 'operation_timeout' | 'dispatch_failed' | 'not_asked' | 'unusable';
  options: JsonObject[];
  latencyMs: number;
  problems?: string[];
}

export interface RawInput {
  kind: DeliveryKind;
  payload: JsonObject;
  /** HTTP only. */
  tampering?: Tampering;
  retry?: { retryAttempt: number; retryReason: string };
}

export interface WorkspaceFacts {
  world: World;
  transport: 'socket' | 'http';
  sockets: number;
  away: boolean;
  revision: number;
}

/**
 * Everything one can do to the local Slack from outside the app: act as a person, break things, look.
 * The same methods work in the process (`RunningSlack.control`) and over HTTP (`createSlackControl`).
 * Each rejects with `ControlError` when it is impossible in Slack.
 */
export interface SlackControl {
  command(input: CommandInput): Promise<ActResult>;
  click(input: ClickInput): Promise<ActResult>;
  submitView(input: SubmitInput): Promise<ActResult>;
  closeView(input: { user: string; viewId: string; all?: boolean } & Settle): Promise<ActResult>;
  openHome(input: { user: string } & Settle): Promise<ActResult>;
  /** Chooses one of the app's shortcuts. */
  shortcut(input: ShortcutInput): Promise<ActResult>;
  /** Types into a menu that the app searches. */
  suggest(input: SuggestInput): Promise<Suggested>;
  /** Writes as a person. The app is told only where it is called by name. */
  say(input: { user: string; channel: string; text: string; threadTs?: string }): Promise<SeenMessage>;

  /** The payload that `command` would send, for changing it and giving it to `raw`. */
  commandPayload(input: CommandInput): Promise<JsonObject>;
  clickPayload(input: ClickInput): Promise<JsonObject>;
  raw(input: RawInput): Promise<Delivery>;
  replay(input: { deliveryId: number }): Promise<Delivery>;
  /** Sends an event as if it had happened. */
  sendEvent(input: { event: JsonObject }): Promise<{ outcome: string }>;
  /** Asks the request URL to echo a challenge, as Slack does when it is configured. */
  verifyRequestUrl(): Promise<{ verified: boolean; status: number }>;

  putUser(input: Partial<User> & { id: string }): Promise<User>;
  putGroup(input: Partial<UserGroup> & { id: string }): Promise<UserGroup>;
  putChannel(input: Partial<Channel> & { id: string }): Promise<Channel>;
  /** Deletes a message as an admin would. */
  deleteMessage(input: { channel: string; ts: string }): Promise<{ deleted: boolean }>;

  addFault(input: ApiFault): Promise<{ faultId: string }>;
  addDeliveryFault(input: DeliveryFault): Promise<{ added: true }>;
  clearFaults(): Promise<{ cleared: true }>;
  /** Slack is gone: every API call answers 503, sockets are cut, nobody can act. */
  setAway(input: { away: boolean }): Promise<{ away: boolean }>;
  /** Ends sockets, oldest first; without `count`, all. Answers how many. `cut` says nothing to the app first. */
  disconnectSockets(input: { reason: DisconnectReason | 'cut'; count?: number }): Promise<{ sockets: number }>;
  /** Takes back `link_disabled`. */
  enableLink(): Promise<{ enabled: true }>;
  setRateLimits(input: {
    enabled?: boolean;
    postingBurst?: number;
    perMinute?: Record<string, number>;
  }): Promise<{ set: true }>;

  /** Messages oldest first; ephemeral ones only `as` the person who sees them, or of all with `as: '*'`. */
  channel(input: { channel: string; as?: string; afterTs?: string; deleted?: boolean }): Promise<SeenMessage[]>;
  message(input: { channel: string; ts: string }): Promise<SeenMessage | null>;
  /** The modals a person has open, the one on top last. */
  openViews(input: { user: string }): Promise<JsonObject[]>;
  home(input: { user: string }): Promise<JsonObject | null>;
  files(): Promise<SeenFile[]>;
  calls(input?: { method?: string; afterSeq?: number }): Promise<LoggedCall[]>;
  deliveries(input?: { afterId?: number }): Promise<Delivery[]>;
  workspace(): Promise<WorkspaceFacts>;
  /** Resolves once something changed after that revision, or at the timeout, with the revision then. */
  waitForChange(input: { after: number; timeoutMs: number }): Promise<{ revision: number }>;
}
