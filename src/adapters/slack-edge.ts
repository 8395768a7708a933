import type { App } from '@slack/bolt';
import type { Registry } from 'prom-client';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Logger } from '../ports/logger.ts';
import type { Readiness, Trouble } from '../ports/readiness.ts';
import { createSlackApp } from './slack-app.ts';
import type { SlackConnection } from './slack-connection.ts';
import { createSlackHttpReceiver } from './slack-http-receiver.ts';
import { createInFlight } from './slack-in-flight.ts';
import type { SlackMetrics } from './slack-metrics.ts';
import { createPorts } from './slack-ports.ts';
import { createSlackSocketReceiver } from './slack-socket-receiver.ts';

export type SlackDelivery =
  | { readonly kind: 'socket'; readonly appToken: string; readonly sockets?: number }
  | { readonly kind: 'http'; readonly signingSecret: string };

export interface SlackEdgeDeps {
  readonly connection: SlackConnection;
  readonly delivery: SlackDelivery;
  readonly botToken: string;
  readonly apiUrl: string | undefined;
  /** 0: any free one. */
  readonly port: number;
  /** Registers the listeners. */
  readonly listeners: (app: App) => void;
  /** Readiness of everything that is not Slack. */
  readonly others: () => Promise<Readiness>;
  /** HTTP: how long requests are still taken once it stops, because whoever sends them has yet to notice. Milliseconds. */
  readonly lingerMs?: number | undefined;
  readonly metrics: SlackMetrics;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
}

export interface SlackEdge {
  /** The port that is listened on. @throws when the port is taken or Slack refuses the token */
  start(): Promise<number>;
  /** Is not ready any more, takes what still comes over HTTP for a moment, and waits for what was begun, at most 10 s. */
  stop(): Promise<void>;
  ready(): Readiness;
  /** With everything that is not Slack: what `/readyz` says. */
  readiness(): Promise<Readiness>;
}

/** Slack refreshes each socket every few hours; with two there is always one that hears. Ten are allowed for an app. */
const SOCKETS = 2;
/** A load balancer takes a moment to send nothing more, and Slack does not repeat a command that nobody took. */
const LINGER_MS = 8_000;
/** How long `stop` waits for answers that are being given. Milliseconds. */
const DRAIN_MS = 10_000;
/** How long `start` waits for Slack before it lets the rest of the program start; it goes on by itself. Milliseconds. */
const FIRST_CONTACT_MS = 5_000;
/** How soon Slack is asked again that refused us: somebody may install the app again meanwhile. Milliseconds. */
const REFUSED_AGAIN_MS = 30_000;

/** Slack's requests in, whichever way they come, and the port that says how we are. */
export async function createSlackEdge(deps: SlackEdgeDeps): Promise<SlackEdge> {
  const { connection, delivery, apiUrl, metrics, clock, log } = deps;
  const { identities } = connection;
  const inFlight = createInFlight(clock);
  const stopping = new AbortController();
  const known = () => identities.current() !== null;
  let refused: string | null = null;
  const socket =
    delivery.kind === 'socket'
      ? createSlackSocketReceiver({
          appToken: delivery.appToken,
          apiUrl,
          sockets: delivery.sockets ?? SOCKETS,
          clock,
          fraction: deps.ids.fraction,
          metrics,
          log,
        })
      : null;
  const http =
    delivery.kind === 'http'
      ? createSlackHttpReceiver({
          signingSecret: delivery.signingSecret,
          nowMs: clock.nowMs,
          ready: known,
          metrics,
          log,
        })
      : null;
  const receiver = socket?.receiver ?? http?.receiver;
  if (receiver === undefined) throw new Error('no way of delivery');
  const app = await createSlackApp({
    receiver,
    botToken: deps.botToken,
    identity: identities.current,
    inFlight,
    log,
  });
  deps.listeners(app);

  function ready(): Readiness {
    const not = (trouble: Trouble, detail: string): Readiness => ({ ok: false, detail, trouble: [trouble] });
    if (stopping.signal.aborted) return not('stopping', 'stopping');
    if (!known()) return not('slack-unknown', refused ?? 'Slack has not said who we are yet');
    if (socket !== null && socket.openSockets() === 0) return not('no-socket', `no socket: ${socket.trouble()}`);
    return { ok: true, detail: 'Slack is connected', trouble: [] };
  }

  async function readiness(): Promise<Readiness> {
    const slack = ready();
    if (!slack.ok) return slack;
    const others = await deps.others();
    // Ready all the same: commands are answered, and what is recorded is carried out.
    const untold = connection.channel.trouble();
    if (untold === null) return others;
    return {
      ok: others.ok,
      detail: `${others.detail}, but ${untold}`,
      trouble: [...others.trouble, 'channel-untold'],
    };
  }

  const ports = createPorts({
    port: deps.port,
    registry: deps.registry,
    ready: readiness,
    events: http?.handle ?? null,
    log,
  });

  /** Payloads are judged by who we are, so sockets open only once that is known. */
  async function connect(): Promise<void> {
    await identities.learn(stopping.signal);
    if (socket !== null && !stopping.signal.aborted) await socket.receiver.start();
  }

  async function keepConnecting(first: Promise<void>): Promise<void> {
    for (let attempt = first; !stopping.signal.aborted; attempt = connect()) {
      try {
        return await attempt;
      } catch (error) {
        refused = error instanceof Error ? error.message : 'Slack cannot be used';
        log.error({ why: refused }, 'Slack cannot be used, and is tried again');
      }
      await clock.sleep(REFUSED_AGAIN_MS, stopping.signal);
    }
  }

  return {
    ready,
    readiness,
    async start() {
      const port = await ports.listen();
      const connecting = connect();
      const waited = new AbortController();
      // A wrong token ends the start; a Slack that is away does not, because deployments go on without it.
      await Promise.race([connecting, clock.sleep(FIRST_CONTACT_MS, waited.signal)]);
      waited.abort();
      void keepConnecting(connecting);
      return port;
    },
    async stop() {
      stopping.abort();
      if (http !== null) await clock.sleep(deps.lingerMs ?? LINGER_MS);
      const late = new AbortController();
      await Promise.race([socket?.receiver.stop(), clock.sleep(DRAIN_MS, late.signal)]);
      late.abort();
      if (!(await inFlight.drain(DRAIN_MS))) {
        log.warn({ left: inFlight.count() }, 'Stopped while somebody still waited for an answer');
      }
      await ports.close();
    },
  };
}
