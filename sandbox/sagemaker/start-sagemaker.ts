/** The SageMaker of the sandbox: an HTTP server that the real AWS SDK talks to. See README.md beside this file. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { SageMakerControl } from './control/control-api.ts';
import { answerControl } from './control/control-routes.ts';
import { createControl } from './control/create-control.ts';
import { createEmulator } from './emulator.ts';
import { type Durations, defaultSettings, type EmulatorSettings } from './emulator-settings.ts';
import { createRuntime } from './invoke-endpoint.ts';
import { answerAws } from './wire/answer-aws.ts';
import { type HttpReply, readRequest } from './wire/http-exchange.ts';
import { fileStore, noStore } from './world-store.ts';

export interface SageMakerOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** How many times faster than at AWS endpoints move; default 60. A stored state brings its own. */
  readonly speed?: number;
  /** Where the account is kept between starts; absent: in memory only. */
  readonly statePath?: string;
  /** Milliseconds since the epoch; tests put a clock of their own here. */
  readonly now?: () => number;
  /** Single durations at speed 1, in place of the realistic ones. */
  readonly durations?: Partial<Durations>;
  readonly settings?: Partial<Omit<EmulatorSettings, 'durations'>>;
}

export interface RunningSageMaker {
  /** What AWS_ENDPOINT_URL has to be. */
  readonly url: string;
  readonly port: number;
  readonly control: SageMakerControl;
  /** Stops listening and cuts what is open. Endpoints go on by the clock when the state is opened again. */
  close(): Promise<void>;
}

const DEFAULT_SPEED = 60;

/** Starts the emulator on 127.0.0.1. Rejects when the port is taken or the state cannot be read. */
export async function startSageMaker(options: SageMakerOptions = {}): Promise<RunningSageMaker> {
  const settings: EmulatorSettings = {
    ...defaultSettings,
    ...options.settings,
    durations: { ...defaultSettings.durations, ...options.durations },
  };
  const emulator = createEmulator({
    settings,
    store: options.statePath === undefined ? noStore : fileStore(options.statePath),
    now: options.now ?? Date.now,
    speed: options.speed ?? DEFAULT_SPEED,
  });
  const runtime = createRuntime(emulator);
  const control = createControl(emulator, runtime);
  const closing = new AbortController();
  const sleep = (ms: number): Promise<void> => wait(ms, undefined, { signal: closing.signal });

  async function answer(message: IncomingMessage, requestId: string): Promise<HttpReply | 'lost'> {
    const request = await readRequest(message);
    if (request === undefined) return { status: 413, headers: { 'content-type': 'text/plain' }, body: 'Too large' };
    return request.path.startsWith('/_control')
      ? answerControl(control, request)
      : answerAws({ emulator, runtime, sleep }, request, requestId);
  }

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    try {
      const reply = await answer(message, requestId);
      if (reply === 'lost') response.destroy();
      else response.writeHead(reply.status, { ...reply.headers, 'x-amzn-requestid': requestId }).end(reply.body);
    } catch (error) {
      if (closing.signal.aborted || message.errored !== null || response.destroyed) return void response.destroy();
      console.error('The SageMaker emulator failed:', error);
      response.writeHead(500, { 'content-type': 'text/plain', 'x-amzn-requestid': requestId }).end('Emulator failure');
    }
  }

  const server = createServer((message, response) => void serve(message, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    control,
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
