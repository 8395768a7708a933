/**
 * Loaded into a process before anything else (`--import`): appends every request that is signed for AWS, as it goes
 * onto the wire, to the file that TITANIC_TAP names. So what is recorded is what was sent, by whichever client.
 */
import { appendFileSync } from 'node:fs';
import { ClientRequest } from 'node:http';
import process from 'node:process';

/** One request as it was sent. */
export interface TappedRequest {
  /** Access key id: says which identity sent it. */
  readonly key: string;
  /** As in the signature: `sagemaker`, `dynamodb`, `sts`. */
  readonly service: string;
  /** Of `X-Amz-Target`; null where the protocol has none. */
  readonly target: string | null;
  readonly path: string;
  /** Absent where it is a payload of the model's. */
  readonly body: string | null;
}

const file = process.env.TITANIC_TAP;
const CREDENTIAL = /Credential=([^/,]+)\/\d+\/[^/]+\/([^/]+)\/aws4_request/;

function tap(request: ClientRequest, chunk: unknown): void {
  const [, key, service] = CREDENTIAL.exec(String(request.getHeader('authorization') ?? '')) ?? [];
  if (file === undefined || key === undefined || service === undefined) return;
  const target = request.getHeader('x-amz-target');
  const isText = typeof chunk === 'string' || chunk instanceof Uint8Array;
  const line: TappedRequest = {
    key,
    service,
    target: typeof target === 'string' ? target : null,
    path: request.path,
    body: isText && !request.path.includes('/invocations') ? Buffer.from(chunk).toString('utf8') : null,
  };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}

// The SDK hands over a body whole, with `end`.
const end = ClientRequest.prototype.end;
ClientRequest.prototype.end = function tapped(this: ClientRequest, ...args: unknown[]) {
  tap(this, args[0]);
  return Reflect.apply(end, this, args);
} as typeof end;
