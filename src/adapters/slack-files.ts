import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { SharedFiles } from '../ports/shared-files.ts';
import { known, unknown } from '../rollout/observation.ts';
import { callFault } from './slack-call-fault.ts';
import { isSlackAddress } from './slack-response-url.ts';

/** Where Slack takes the bytes of files. */
const UPLOAD_HOST = 'files.slack.com';
/** How long sending the bytes may take. Milliseconds. */
const UPLOAD_WITHIN_MS = 15_000;

const beginShape = z.object({ upload_url: z.string(), file_id: z.string() });

/** Files in three steps, as Slack wants it: a place for it, its bytes, and then where it is to be seen. */
export function createSlackFiles(deps: {
  readonly client: WebClient;
  readonly apiUrl: string | undefined;
}): SharedFiles {
  const { client, apiUrl } = deps;
  return {
    async share({ name, title, text }, { channel, ts }) {
      const bytes = Buffer.from(text, 'utf8');
      try {
        const about = { filename: name, length: bytes.byteLength };
        const { upload_url, file_id } = beginShape.parse(await client.apiCall('files.getUploadURLExternal', about));
        if (!isSlackAddress(upload_url, UPLOAD_HOST, apiUrl)) return unknown('Slack named a place that is not its own');
        const sent = await fetch(upload_url, {
          method: 'POST',
          headers: { 'content-type': 'application/octet-stream' },
          body: bytes,
          redirect: 'error',
          signal: AbortSignal.timeout(UPLOAD_WITHIN_MS),
        });
        await sent.body?.cancel();
        if (!sent.ok) return unknown(`http_${sent.status}`);
        const files = [{ id: file_id, title }];
        await client.apiCall('files.completeUploadExternal', { files, channel_id: channel, thread_ts: ts });
        return known(true);
      } catch (error) {
        return unknown(callFault(error).code);
      }
    },
  };
}
