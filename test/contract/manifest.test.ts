import { readdirSync, readFileSync } from 'node:fs';
import type { App } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { ACTIONS, COMMAND, VIEWS } from '../../blocks/ids.ts';
import type { HandlerDeps } from '../../handlers/handler-deps.ts';
import { registerHandlers } from '../../handlers/index.ts';
import { API_METHODS } from '../../sandbox/slack/api/method-table.ts';
import { manifest, startRig } from './slack-edge-setup.ts';

const ROOT = new URL('../../', import.meta.url);

function sources(folder: string, name: RegExp): { name: string; text: string }[] {
  return readdirSync(new URL(folder, ROOT))
    .filter((file) => name.test(file))
    .map((file) => ({ name: `${folder}${file}`, text: readFileSync(new URL(folder + file, ROOT), 'utf8') }));
}

/** The Web API methods that the adapters name, in either way of calling them. */
function methodsUsed(): string[] {
  const text = sources('src/adapters/', /^slack-.*\.ts$/)
    .map((file) => file.text)
    .join('\n');
  const called = [...text.matchAll(/apiCall\('([\w.]+)'/g)].map((match) => match[1] ?? '');
  const direct = [...text.matchAll(/client\.((?:\w+\.)+\w+)\(/g)].map((match) => match[1] ?? '');
  const others = ['apiCall', 'on', 'once', 'start', 'disconnect'];
  return [...new Set([...called, ...direct])]
    .filter((method) => method.includes('.') && !others.includes(method))
    .sort();
}

/** What the registration table registers, seen by an app that only writes down. */
async function registered(): Promise<Record<string, unknown[]>> {
  const seen: Record<string, unknown[]> = {
    command: [],
    action: [],
    view: [],
    shortcut: [],
    options: [],
    use: [],
    event: [],
  };
  const rig = await startRig({ mode: 'http' });
  const note = (kind: string) => (id: unknown) => void seen[kind]?.push(id);
  const app = Object.fromEntries(Object.keys(seen).map((kind) => [kind, note(kind)]));
  const deps: Partial<HandlerDeps> = {
    services: [],
    directory: rig.connection.directory,
    conversation: rig.connection.conversation,
    rollouts: rig.core,
    clock: { nowMs: () => 0, elapsedMs: () => 0, waitedMs: () => 0, sleep: async () => {} },
  };
  registerHandlers(app as unknown as App, deps as HandlerDeps);
  await rig.stop();
  return seen;
}

const strings = (ids: unknown[] | undefined) => (ids ?? []).filter((id) => typeof id === 'string').sort();

describe('the manifest', () => {
  it('has the commands that are registered, and the table has every id', async () => {
    const seen = await registered();
    expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual([COMMAND]);
    expect(strings(seen.command)).toEqual([COMMAND]);
    expect(strings(seen.action)).toEqual(Object.values(ACTIONS).sort());
    expect(strings(seen.view)).toEqual(Object.values(VIEWS).sort());
    expect(seen.event).toEqual([]);
    expect(manifest.settings.event_subscriptions).toBeUndefined();
  });

  it('has a catch-all beside each kind, which matches none of our own ids', async () => {
    const seen = await registered();
    const patterns = (ids: unknown[] | undefined) => (ids ?? []).filter((id) => id instanceof RegExp);
    const own = { command: [COMMAND], action: Object.values(ACTIONS), view: Object.values(VIEWS) };
    for (const [kind, ids] of Object.entries(own)) {
      const [all] = patterns(seen[kind]);
      expect(all?.test('something.else')).toBe(true);
      for (const id of ids) {
        expect(all?.test(id)).toBe(false);
        // A longer or an older one is not ours.
        expect(all?.test(`${id}x`)).toBe(true);
      }
    }
    expect(patterns(seen.shortcut)).toHaveLength(1);
    expect(patterns(seen.options)).toHaveLength(1);
  });

  it('asks for the scopes that the calls need, and for no other', () => {
    const needed = methodsUsed().flatMap((method) => {
      const known = API_METHODS[method];
      if (known === undefined) throw new Error(`${method} is not known to the local Slack`);
      // Where one of several is enough, it is by kind of channel: both public and private may be configured.
      return known.token === 'bot' ? known.scopes.filter((scope) => scope !== 'im:read') : [];
    });
    expect([...new Set(['commands', ...needed])].sort()).toEqual([...manifest.oauth_config.scopes.bot].sort());
    expect(methodsUsed()).toEqual([
      'auth.test',
      'bots.info',
      'chat.getPermalink',
      'chat.postEphemeral',
      'chat.postMessage',
      'chat.update',
      'conversations.info',
      'files.completeUploadExternal',
      'files.getUploadURLExternal',
      'usergroups.users.list',
      'users.info',
      'views.open',
    ]);
  });

  it('and the ids are written in one file only', () => {
    const files = [
      ...sources('handlers/', /\.ts$/),
      ...sources('blocks/', /\.ts$/),
      ...sources('src/adapters/', /^slack-/),
    ];
    const ids = [...Object.values(ACTIONS), ...Object.values(VIEWS)];
    const literal = files.filter(
      ({ name, text }) => name !== 'blocks/ids.ts' && ids.some((id) => text.includes(`'${id}'`)),
    );
    expect(literal.map(({ name }) => name)).toEqual([]);
  });
});
