import type { JsonObject } from '../json.ts';
import type { SlackParts } from '../slack-parts.ts';
import type { CallArguments } from './call-arguments.ts';
import type { Limit } from './rate-limiter.ts';

/** One method of the Web API. */
export interface ApiMethod {
  token: 'bot' | 'app' | 'none';
  /** Any one of these is enough; empty when a token alone is. */
  scopes: readonly string[];
  limit: Limit;
  /** Does it and returns the answer without `ok`. @throws SlackApiError for a refusal */
  run(args: CallArguments, slack: SlackParts): JsonObject | Promise<JsonObject>;
}

export type ApiMethods = Record<string, ApiMethod>;
