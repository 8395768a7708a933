import { randomBytes } from 'node:crypto';
import { DEFAULT_RATE_LIMITS, type RateLimits } from './api/rate-limiter.ts';
import { titanicWorld, type World } from './world.ts';

/** An entry of Slack's own menus. */
export interface Shortcut {
  name: string;
  type: 'global' | 'message';
  callbackId: string;
}

/** What a caller of `startSlack` may choose. Everything has a default. */
export interface SlackOptions {
  /** 0, the default, takes any free port. The server always listens on 127.0.0.1 only. */
  port?: number;
  botToken?: string;
  appToken?: string;
  signingSecret?: string;
  /** Scopes of the bot token; default: those of the manifest. */
  scopes?: string[];
  /** Events the app subscribed to; default: those of the manifest. */
  botEvents?: string[];
  /** Slash commands of the app. */
  commands?: string[];
  /** Shortcuts of the app; default: those of the manifest. */
  shortcuts?: Shortcut[];
  /** Whether the app has a Home tab. */
  homeTab?: boolean;
  /** Where signed requests go. Without it the app is in Socket Mode. */
  requestUrl?: string;
  world?: World;
  rateLimits?: Partial<RateLimits>;
  /** A JSON file that keeps the workspace over a restart. It wins over `world`. */
  statePath?: string;
  /** Milliseconds since the epoch. Timeouts and delays are real time all the same. */
  now?: () => number;
  /** When an event that was not acknowledged is sent again, in milliseconds after each failure. */
  eventRetryDelaysMs?: number[];
  /** How often a socket is pinged. */
  socketPingMs?: number;
}

export interface Settings {
  botToken: string;
  appToken: string;
  signingSecret: string;
  /** The deprecated token inside payloads. Nobody should check it. */
  verificationToken: string;
  scopes: string[];
  botEvents: string[];
  commands: string[];
  shortcuts: Shortcut[];
  homeTab: boolean;
  requestUrl: string | undefined;
  rateLimits: RateLimits;
  eventRetryDelaysMs: number[];
  socketPingMs: number;
}

const MANIFEST_SCOPES = [
  'commands',
  'app_mentions:read',
  'chat:write',
  'usergroups:read',
  'users:read',
  'channels:read',
  'groups:read',
  'files:write',
];
const MANIFEST_EVENTS = ['app_home_opened', 'app_mention', 'subteam_members_changed', 'subteam_updated'];

export const MANIFEST_SHORTCUTS: Shortcut[] = [
  { name: 'titanic menu', type: 'global', callbackId: 'menu.v1' },
  { name: 'Roll this back', type: 'message', callbackId: 'leave-what-this-is-about.v1' },
];

/** Slack retries an event at once, after a minute, and after five. */
const EVENT_RETRY_DELAYS_MS = [0, 60_000, 300_000];
const SOCKET_PING_MS = 10_000;

export function settingsOf(options: SlackOptions): Settings {
  const secret = () => randomBytes(16).toString('hex');
  return {
    botToken: options.botToken ?? `xoxb-local-${secret()}`,
    appToken: options.appToken ?? `xapp-local-${secret()}`,
    signingSecret: options.signingSecret ?? secret(),
    verificationToken: 'local-verification-token',
    scopes: options.scopes ?? MANIFEST_SCOPES,
    botEvents: options.botEvents ?? MANIFEST_EVENTS,
    commands: options.commands ?? ['/titanic'],
    shortcuts: options.shortcuts ?? MANIFEST_SHORTCUTS,
    homeTab: options.homeTab ?? true,
    requestUrl: options.requestUrl,
    rateLimits: { ...DEFAULT_RATE_LIMITS, ...options.rateLimits },
    eventRetryDelaysMs: options.eventRetryDelaysMs ?? EVENT_RETRY_DELAYS_MS,
    socketPingMs: options.socketPingMs ?? SOCKET_PING_MS,
  };
}

export const worldOf = (options: SlackOptions): World => options.world ?? titanicWorld();
