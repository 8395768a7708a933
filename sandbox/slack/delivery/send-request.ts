import { parseJson } from '../json.ts';
import { ACK_DEADLINE_MS, type Acknowledgement } from './acknowledgement.ts';
import type { SignedRequest } from './signed-request.ts';

export interface HttpAnswer {
  /** 0 when there was none in time. */
  status: number;
  body: string;
  ack: Acknowledgement;
}

/** Posts one request to the app and judges its answer as Slack does: 2xx within three seconds. */
export async function sendRequest(url: string, request: SignedRequest): Promise<HttpAnswer> {
  const started = performance.now();
  const latencyMs = () => Math.round(performance.now() - started);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: request.headers,
      body: request.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(ACK_DEADLINE_MS),
    });
    const body = await response.text();
    if (!response.ok) {
      const why = `the request URL answered ${response.status}`;
      const noRetry = response.headers.get('x-slack-no-retry') === '1' ? { noRetry: true } : {};
      const ack = { outcome: 'dispatch_failed', latencyMs: latencyMs(), why, ...noRetry } as const;
      return { status: response.status, body, ack };
    }
    const json = response.headers.get('content-type')?.includes('application/json') ? parseJson(body) : { text: body };
    const given = body === '' || json === undefined ? {} : { body: json };
    return { status: response.status, body, ack: { outcome: 'acknowledged', latencyMs: latencyMs(), ...given } };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError') {
      return { status: 0, body: '', ack: { outcome: 'operation_timeout', latencyMs: latencyMs() } };
    }
    const why = error instanceof Error ? error.message : String(error);
    return { status: 0, body: '', ack: { outcome: 'dispatch_failed', latencyMs: latencyMs(), why } };
  }
}
