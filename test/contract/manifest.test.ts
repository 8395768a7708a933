import { readdirSync, readFileSync } from 'node:fs';
import type { App } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ACTIONS, COMMAND, INPUTS, SHORTCUTS, VIEWS } from '../../blocks/ids.ts';
import type { HandlerDeps } from '../../handlers/handler-deps.ts';
import { registerHandlers } from '../../handlers/index.ts';
import { API_METHODS } from '../../sandbox/slack/api/method-table.ts';
import { SCOPES_OF_EVENTS, SCOPES_OF_METHODS, scopesNeeded } from '../../src/adapters/slack-scopes.ts';
import { httpManifest, YOUR_ADDRESS } from '../../src/http-manifest.ts';
import { sourcesBelow, withoutComments } from '../support/source-imports.ts';
import { manifest, startRig } from './slack-edge-setup.ts';

const ROOT = new URL('../../', import.meta.url);
const TABLE = 'src/adapters/slack-scopes.ts';

function sources(folder: string, name: RegExp): { name: string; text: string }[] {
  return readdirSync(new URL(folder, ROOT))
    .filter((file) => name.test(file))
    .map((file) => ({ name: `${folder}${file}`, text: readFileSync(new URL(folder + file, ROOT), 'utf8') }));
}

/** Every method that the Web API client has, as Slack names it. */
function methodsOfLibrary(): readonly string[] {
  const below = (value: object, path: readonly string[]): string[] =>
    Object.entries(value).flatMap(([key, each]: [string, unknown]) => {
      if (typeof each === 'function') return path.length === 0 ? [] : [[...path, key].join('.')];
      return typeof each === 'object' && each !== null && path.length < 4 ? below(each, [...path, key]) : [];
    });
  return below(new WebClient('xoxb-none'), []);
}

/** The Web API methods that the product names: as a text, or as a call of a client, whatever its name. */
function methodsUsed(): string[] {
  const code = ['src', 'handlers', 'blocks']
    .flatMap(sourcesBelow)
    .filter((path) => path !== TABLE)
    .map(withoutComments)
    .join('\n')
    // A chain that goes on in the next line is one.
    .replaceAll(/\s*\n\s*\./g, '.');
  const known = methodsOfLibrary();
  const named = known.filter((method) => code.includes(`'${method}'`));
  // The longest that fits: usergroups.users.list is not users.list.
  const called = [...code.matchAll(/\w+(?:\.\w+)+(?=\()/g)].flatMap(([chain]) =>
    known
      .filter((method) => `.${chain}`.endsWith(`.${method}`))
      .sort((a, b) => b.length - a.length)
      .slice(0, 1),
  );
  return [...new Set([...named, ...called])].sort();
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
    expect(strings(seen.event)).toEqual([...(manifest.settings.event_subscriptions?.bot_events ?? [])].sort());
    expect(strings(seen.event)).toEqual(Object.keys(SCOPES_OF_EVENTS).sort());
    expect(strings(seen.shortcut)).toEqual(manifest.features.shortcuts.map((one) => one.callback_id).sort());
    expect(strings(seen.options)).toEqual([INPUTS.model.action]);
    expect(seen.event?.every((id) => typeof id === 'string')).toBe(true);
  });

  it('has a catch-all beside each kind, which matches none of our own ids', async () => {
    const seen = await registered();
    const patterns = (ids: unknown[] | undefined) => (ids ?? []).filter((id) => id instanceof RegExp);
    const own = {
      command: [COMMAND],
      action: Object.values(ACTIONS),
      view: Object.values(VIEWS),
      shortcut: Object.values(SHORTCUTS),
      options: [INPUTS.model.action],
    };
    for (const [kind, ids] of Object.entries(own)) {
      const all = patterns(seen[kind]).at(-1);
      expect(all?.test('something.else')).toBe(true);
      for (const id of ids) {
        expect(all?.test(id)).toBe(false);
        // A longer or an older one is not ours.
        expect(all?.test(`${id}x`)).toBe(true);
      }
    }
  });

  it('has a table of the methods that are called, and of no other', () => {
    expect(methodsOfLibrary().length).toBeGreaterThan(250);
    // What stands under an app-level token is no matter of the bot's scopes.
    const ofApp = methodsUsed().filter((method) => API_METHODS[method]?.token === 'app');
    expect(methodsUsed().filter((method) => !ofApp.includes(method))).toEqual(Object.keys(SCOPES_OF_METHODS).sort());
  });

  it('has in that table the scopes by which the local Slack lets a call through', () => {
    const inSlack = Object.keys(SCOPES_OF_METHODS).map((method) => {
      const known = API_METHODS[method];
      if (known === undefined) throw new Error(`${method} is not known to the local Slack`);
      // Nothing is announced in a direct message.
      return [method, known.scopes.filter((scope) => scope !== 'im:read')];
    });
    expect(Object.fromEntries(inSlack)).toEqual(SCOPES_OF_METHODS);
  });

  it('asks for the scopes that the calls need, and for no other', () => {
    expect([...manifest.oauth_config.scopes.bot].sort()).toEqual(scopesNeeded());
  });

  it('has a Home, no messages tab that nobody answers in, and names as short as Slack wants them', () => {
    expect(manifest.features.app_home).toEqual({ home_tab_enabled: true, messages_tab_enabled: false });
    for (const { name, type, callback_id, description } of manifest.features.shortcuts) {
      expect([name.length <= 24, description.length <= 150]).toEqual([true, true]);
      expect(type).toBe(callback_id === SHORTCUTS.leave ? 'message' : 'global');
    }
  });

  it('has one for HTTP, which is what is made from it', () => {
    const [socket, http] = ['manifest.yml', 'manifest.http.yml'].map((name) =>
      readFileSync(new URL(name, ROOT), 'utf8'),
    );
    expect(http).toBe(httpManifest(socket ?? ''));
    const differing = parse(http ?? '');
    expect(differing.settings.socket_mode_enabled).toBe(false);
    const { interactivity, event_subscriptions } = differing.settings;
    const addresses = [
      differing.features.slash_commands[0].url,
      interactivity.request_url,
      interactivity.message_menu_options_url,
      event_subscriptions.request_url,
    ];
    expect(addresses).toEqual(addresses.map(() => YOUR_ADDRESS));
    differing.settings.socket_mode_enabled = true;
    delete differing.features.slash_commands[0].url;
    delete interactivity.request_url;
    delete interactivity.message_menu_options_url;
    delete event_subscriptions.request_url;
    expect(differing).toEqual(parse(socket ?? ''));
  });

  it('and the ids are written in one file only', () => {
    const files = [
      ...sources('handlers/', /\.ts$/),
      ...sources('blocks/', /\.ts$/),
      ...sources('src/adapters/', /^slack-/),
    ];
    const inputs = Object.values(INPUTS).map(({ action }) => action);
    const ids = [...Object.values(ACTIONS), ...Object.values(VIEWS), ...Object.values(SHORTCUTS), ...inputs];
    const literal = files.filter(
      ({ name, text }) => name !== 'blocks/ids.ts' && ids.some((id) => text.includes(`'${id}'`)),
    );
    expect(literal.map(({ name }) => name)).toEqual([]);
  });
});
