import { randomBytes } from 'node:crypto';
import type { FileRecord, MessageRecord, ViewRecord, WorkspaceState } from './records.ts';
import type { Channel, User, UserGroup, World } from './world.ts';

/** The state of the local Slack and the only way to learn that it changed. */
export interface Workspace {
  readonly state: WorkspaceState;
  readonly world: World;
  now(): number;
  /** A message timestamp that no other message of the workspace has. */
  newTs(): string;
  /** An id as Slack writes them, such as `F0A1B2C3D4`. */
  newId(prefix: string): string;
  user(id: string): User | undefined;
  group(id: string): UserGroup | undefined;
  /** By id, or by name with or without `#`. */
  channel(idOrName: string): Channel | undefined;
  message(channel: string, ts: string): MessageRecord | undefined;
  view(id: string): ViewRecord | undefined;
  file(id: string): FileRecord | undefined;
  /** Must be called after every change: counts it, wakes waiters, schedules the save. */
  touch(): void;
  revision(): number;
  /** Resolves with the revision as soon as it is above `after`, or after the timeout with what it then is. */
  waitForChange(after: number, timeoutMs: number): Promise<number>;
}

export function emptyState(world: World): WorkspaceState {
  return { version: 1, world, messages: [], views: [], files: [], lastTsMicros: 0 };
}

export function createWorkspace(state: WorkspaceState, now: () => number, onChange: () => void): Workspace {
  const waiting = new Set<() => void>();
  let revision = 1;
  const { world } = state;
  return {
    state,
    world,
    now,
    newTs() {
      state.lastTsMicros = Math.max(now() * 1000, state.lastTsMicros + 1);
      const micros = String(state.lastTsMicros);
      return `${micros.slice(0, -6)}.${micros.slice(-6)}`;
    },
    newId: (prefix) => `${prefix}${randomBytes(5).toString('hex').toUpperCase()}`,
    user: (id) => world.users.find((user) => user.id === id),
    group: (id) => world.groups.find((group) => group.id === id),
    channel: (idOrName) => {
      const name = idOrName.replace(/^#/, '');
      return world.channels.find((channel) => channel.id === idOrName || channel.name === name);
    },
    message: (channel, ts) =>
      state.messages.find((message) => message.channel === channel && message.ts === ts && !message.deleted),
    view: (id) => state.views.find((view) => view.id === id),
    file: (id) => state.files.find((file) => file.id === id),
    touch() {
      revision += 1;
      onChange();
      for (const wake of [...waiting]) wake();
    },
    revision: () => revision,
    waitForChange(after, timeoutMs) {
      if (revision > after) return Promise.resolve(revision);
      return new Promise((resolve) => {
        const finish = () => {
          clearTimeout(timer);
          waiting.delete(finish);
          resolve(revision);
        };
        const timer = setTimeout(finish, timeoutMs);
        waiting.add(finish);
      });
    },
  };
}
