/**
 * The bot scopes that each Web API method needs of all that titanic calls. Where Slack asks for one of several by kind
 * of channel, all are named: the channel may be public or private. A test compares this with the calls in the source,
 * and the manifest with this.
 */
export const SCOPES_OF_METHODS: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'blocks.validate': [],
  'bots.info': ['users:read'],
  'chat.getPermalink': [],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.list': ['channels:read', 'groups:read'],
  'files.completeUploadExternal': ['files:write'],
  'files.getUploadURLExternal': ['files:write'],
  'usergroups.list': ['usergroups:read'],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'views.open': [],
  'views.publish': [],
  'views.update': [],
};

/** The same for the events that titanic listens to. */
export const SCOPES_OF_EVENTS: Readonly<Record<string, readonly string[]>> = {
  app_home_opened: [],
  app_mention: ['app_mentions:read'],
};

/** What a slash command and a shortcut need, without any call. */
const SCOPE_OF_COMMANDS = 'commands';

/** Every bot scope that titanic needs, and no other: what the manifest asks for. */
export function scopesNeeded(): readonly string[] {
  const ofMethods = Object.values(SCOPES_OF_METHODS).flat();
  return [...new Set([SCOPE_OF_COMMANDS, ...ofMethods, ...Object.values(SCOPES_OF_EVENTS).flat()])].sort();
}
