import type { JsonObject } from './json.ts';
import type { World } from './world.ts';

/** One state of a message's content, kept when an update replaces it. */
export interface MessageEdit {
  /** Milliseconds since the epoch at which this content was replaced. */
  atMs: number;
  text: string;
  blocks: JsonObject[];
}

export interface MessageRecord {
  channel: string;
  ts: string;
  threadTs?: string;
  user: string;
  botId?: string;
  text: string;
  blocks: JsonObject[];
  attachments: JsonObject[];
  metadata?: JsonObject;
  /** The only person who sees it. */
  ephemeralTo?: string;
  replyBroadcast: boolean;
  /** Set when a person, or an update without blocks, edited it: Slack then writes "(edited)". */
  editedTs?: string;
  deleted: boolean;
  earlier: MessageEdit[];
  fileIds: string[];
  reactions: { name: string; users: string[] }[];
}

export interface ViewRecord {
  id: string;
  kind: 'modal' | 'home';
  user: string;
  hash: string;
  /** The view as the app gave it, with generated block and action ids filled in. */
  content: JsonObject;
  rootViewId: string;
  previousViewId?: string;
  /** Selections made in the view so far: block id, then action id, then the state object. */
  chosen: Record<string, Record<string, JsonObject>>;
  /** Options that the app offered for what was typed into a menu, by action id. */
  offered?: Record<string, JsonObject[]>;
  /** False once it was closed or submitted. */
  open: boolean;
}

export interface FileRecord {
  id: string;
  name: string;
  title: string;
  expectedBytes: number;
  /** Base64; absent until uploaded. */
  content?: string;
  uploadKey: string;
  complete: boolean;
  channels: string[];
  user: string;
  createdMs: number;
}

/** Everything the local Slack remembers. Plain JSON, so that it can be written to a file as it is. */
export interface WorkspaceState {
  version: 1;
  world: World;
  messages: MessageRecord[];
  views: ViewRecord[];
  files: FileRecord[];
  lastTsMicros: number;
}
