import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isMap, isNode, parseDocument } from 'yaml';

const HEAD = [
  'The Slack app where its requests come over HTTP in place of Socket Mode. Made from manifest.yml by:',
  '  node src/http-manifest.ts --write manifest.http.yml',
  '',
  'Put your own host in the addresses, which must be reachable from the internet over HTTPS. The bot needs the',
  'signing secret (SLACK_SIGNING_SECRET) and no app-level token.',
];

/** An address to be replaced by one's own. */
export const YOUR_ADDRESS = 'https://YOUR-HOST/slack/events';
const PATH = '/slack/events';

/** The manifest for HTTP, out of the one for Socket Mode: the same but for how requests arrive. */
export function httpManifest(socketManifest: string, address = YOUR_ADDRESS): string {
  const document = parseDocument(socketManifest);
  // What stands there says how Socket Mode works.
  const [first] = isMap(document.contents) ? document.contents.items : [];
  for (const node of [document.contents, first?.key]) if (isNode(node)) node.commentBefore = null;
  document.commentBefore = HEAD.map((line) => ` ${line}`).join('\n');
  document.setIn(['features', 'slash_commands', 0, 'url'], address);
  document.setIn(['settings', 'interactivity', 'request_url'], address);
  // Where Slack asks for the options of a menu that is searched by typing.
  document.setIn(['settings', 'interactivity', 'message_menu_options_url'], address);
  if (document.hasIn(['settings', 'event_subscriptions'])) {
    document.setIn(['settings', 'event_subscriptions', 'request_url'], address);
  }
  document.setIn(['settings', 'socket_mode_enabled'], false);
  return document.toString({ lineWidth: 0 });
}

/** An address as Slack takes it: over HTTPS, with the one path that the bot listens on. */
export function httpAddress(
  text: string,
): { readonly ok: true; readonly address: string } | { readonly ok: false; readonly why: string } {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.pathname !== PATH || `${url.origin}${PATH}` !== url.href) {
    return { ok: false, why: `must be the bot's address as Slack reaches it: https://HOST${PATH}` };
  }
  return { ok: true, address: url.href };
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { url: { type: 'string' }, write: { type: 'string' } } });
  const read = values.url === undefined ? undefined : httpAddress(values.url);
  if (read?.ok === false) {
    process.stderr.write(`--url ${read.why}\n`);
    process.exitCode = 2;
  } else {
    const made = httpManifest(readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8'), read?.address);
    if (values.write === undefined) process.stdout.write(made);
    else writeFileSync(values.write, made);
  }
}
