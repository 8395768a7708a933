import { setTimeout } from 'node:timers/promises';
import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Logger } from '../ports/logger.ts';
import { known, type Reading, unknown } from '../rollout/observation.ts';
import { callFault } from './slack-call-fault.ts';
import { askingOptions } from './slack-sight.ts';

const refusalShape = z.object({ response_metadata: z.object({ messages: z.array(z.string()) }) });

/** Slack is asked about many messages in a row: where it wants to be left alone for a while, it is. */
const TRIES = 4;
/** Nobody waits longer at a terminal. Milliseconds. */
const LONGEST_WAIT_MS = 60_000;

/**
 * What Slack has against the blocks of a message; empty: nothing. `blocks.validate` posts nothing, needs no scope, and
 * takes a little more than sending does.
 */
export async function checkBlocks(
  blocks: readonly object[],
  { botToken, apiUrl, log }: { readonly botToken: string; readonly apiUrl: string | undefined; readonly log: Logger },
): Promise<Reading<readonly string[]>> {
  const client = new WebClient(botToken, askingOptions(apiUrl, log));
  for (let tried = 1; ; tried += 1) {
    try {
      await client.apiCall('blocks.validate', { blocks: JSON.stringify(blocks) });
      return known([]);
    } catch (error) {
      const { code, retryAfterMs } = callFault(error);
      if (retryAfterMs !== null && retryAfterMs <= LONGEST_WAIT_MS && tried < TRIES) {
        await setTimeout(retryAfterMs);
        continue;
      }
      if (code !== 'invalid_blocks' || !(error instanceof WebAPIPlatformError)) return unknown(code);
      const told = refusalShape.safeParse(error.data);
      return known(told.success ? told.data.response_metadata.messages : [code]);
    }
  }
}
