/** The runtime over undici's pool: one connection per request in flight, no queue behind it, no retry in it. */
import { type Dispatcher, Pool } from 'undici';
import type { IdentitySource, RuntimeAddress, SigningIdentity } from '../ports.ts';
import type { InvokeOutcome, InvokeRequest, RuntimeClient } from './outcome.ts';
import { headerText, type ReplyHeaders, readRefusal } from './read-refusal.ts';
import { createInvocationSigner, type InvocationSigner } from './sign.ts';

export interface RuntimeClientDeps {
  readonly address: RuntimeAddress;
  readonly identity: IdentitySource;
  /** At least as many as requests may be in flight: what waited for a connection would wait without a limit. */
  readonly connections: number;
  readonly nowMs: () => number;
}

// How long connecting may take, and how long an idle connection is kept: below the five seconds after which many
// servers close theirs, so that a request is not written into a connection that is being closed. Milliseconds.
const CONNECT_MS = 1_500;
const IDLE_MS = 4_000;
/** A connection is replaced after this, so that new addresses of the runtime are found. Milliseconds. */
const CONNECTION_AGE_MS = 300_000;
/** SageMaker answers with at most as much as it takes. */
const REPLY_MAX_BYTES = 6_291_456;

/** Each keeps a key of the day. Those of endpoints that are long gone are not kept. */
const SIGNERS_MOST = 8;

const USER_AGENT = 'titanic-inference-api';

/** A client of any endpoint of this region; all share its connections. */
export function createRuntimeClient(deps: RuntimeClientDeps): RuntimeClient {
  const { address, identity, nowMs } = deps;
  const pool = new Pool(address.origin, {
    connections: deps.connections,
    pipelining: 1,
    allowH2: false,
    connect: { timeout: CONNECT_MS },
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS,
    clientTtl: CONNECTION_AGE_MS,
    // One limit of our own for all of it is set per request.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: REPLY_MAX_BYTES,
  });
  const host = new URL(address.origin).host;
  const signers = new Map<string, InvocationSigner>();

  function signerOf(endpointName: string): InvocationSigner {
    const known = signers.get(endpointName);
    if (known !== undefined) return known;
    const signer = createInvocationSigner({ host, region: address.region, endpointName });
    if (signers.size >= SIGNERS_MOST) signers.clear();
    signers.set(endpointName, signer);
    return signer;
  }

  function send(signer: InvocationSigner, request: InvokeRequest, as: SigningIdentity): Promise<InvokeOutcome> {
    const { contentType, body, inferenceId, traceparent, tracestate } = request;
    // The container sees neither our headers nor our trace: custom attributes are what SageMaker hands on.
    const customAttributes = `traceparent=${traceparent}`;
    const headers = signer.sign({ contentType, accept: contentType, body, inferenceId, customAttributes }, as, nowMs());
    headers.push('user-agent', USER_AGENT, 'traceparent', traceparent);
    if (tracestate !== undefined) headers.push('tracestate', tracestate);
    return new Promise((resolve) => {
      pool.dispatch({ method: 'POST', path: signer.path, headers, body }, new Exchange(request.timeoutMs, resolve));
    });
  }

  return {
    async invoke(endpointName, request) {
      let as: SigningIdentity;
      try {
        const known = identity.current();
        as = known instanceof Promise ? await known : known;
      } catch (error) {
        return { kind: 'broken', message: `no credentials: ${wordsOf(error)}`, sent: false };
      }
      return send(signerOf(endpointName), request, as);
    },
    close: () => pool.destroy(),
  };
}

/** One request and its reply; settles exactly once. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #settle: (outcome: InvokeOutcome) => void;
  readonly #limitMs: number;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #timeUp = false;
  #status = 0;
  #headers: ReplyHeaders = {};
  #chunks: Buffer[] = [];

  constructor(limitMs: number, settle: (outcome: InvokeOutcome) => void) {
    this.#settle = settle;
    this.#limitMs = limitMs;
    this.#timer = setTimeout(() => this.#giveUp(), limitMs);
  }

  #giveUp(): void {
    this.#timeUp = true;
    const sent = this.#controller !== undefined;
    this.#settle({ kind: 'timeout', limitMs: this.#limitMs, sent });
    this.#controller?.abort(new Error('time is up'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Nobody waits any more, so it is not sent.
    if (this.#timeUp) controller.abort(new Error('time is up'));
    else this.#controller = controller;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: ReplyHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    clearTimeout(this.#timer);
    const [only] = this.#chunks;
    const bytes = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
    const body = bytes.toString('utf8');
    if (this.#status >= 300) {
      this.#settle({ kind: 'refused', refusal: readRefusal(this.#status, this.#headers, body) });
      return;
    }
    this.#settle({
      kind: 'answer',
      body,
      contentType: headerText(this.#headers, 'content-type') ?? '',
      variant: headerText(this.#headers, 'x-amzn-invoked-production-variant'),
    });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.#timer);
    this.#settle({ kind: 'broken', message: wordsOf(error), sent: this.#controller !== undefined });
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return [code, error.message].filter((part) => part !== '').join(': ');
}
