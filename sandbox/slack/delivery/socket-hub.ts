import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { isJsonObject, type JsonObject, parseJson, stringOf } from '../json.ts';
import { ACK_DEADLINE_MS, type Acknowledgement, type DeliveryKind, type RetryMark } from './acknowledgement.ts';

/** Slack's cap of Socket Mode connections of one app. */
const MAX_CONNECTIONS = 10;
/** How long a URL of apps.connections.open may be used. Not published; short, because clients connect at once. */
const TICKET_LIFE_MS = 30_000;
/** What a real hello says, in seconds: Slack refreshes each connection after about five hours. */
const APPROXIMATE_CONNECTION_SECONDS = 18_060;
/** From the warning to the cut of a connection that is being refreshed. */
const REFRESH_WARNING_MS = 10_000;

export type DisconnectReason = 'refresh_requested' | 'warning' | 'too_many_websockets' | 'link_disabled';

export interface Envelope {
  kind: DeliveryKind;
  payload: JsonObject;
  retry: RetryMark | undefined;
  duplicates: number;
  /** Default: a new one. Given to send an earlier envelope again. */
  envelopeId?: string;
}

interface Options {
  appId: string;
  pingMs: number;
  now: () => number;
  socketBaseUrl: () => string;
  isAway: () => boolean;
}

/** The Socket Mode side: tickets, live sockets, envelopes and their acknowledgements. */
export function createSocketHub(options: Options) {
  const server = new WebSocketServer({ noServer: true });
  const live = new Set<WebSocket>();
  const tickets = new Map<string, number>();
  const pending = new Map<string, (ack: JsonObject | undefined) => void>();
  let linkEnabled = true;

  const ping = setInterval(() => {
    for (const socket of live) socket.ping(`Ping from local Slack ${options.now()}`);
  }, options.pingMs);
  ping.unref();

  function welcome(socket: WebSocket): void {
    live.add(socket);
    socket.on('close', () => live.delete(socket));
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => onMessage(data.toString()));
    if (!linkEnabled) goodbye(socket, 'link_disabled');
    else if (live.size > MAX_CONNECTIONS) goodbye(socket, 'too_many_websockets');
    else greet(socket);
  }

  function greet(socket: WebSocket): void {
    const hello = {
      type: 'hello',
      num_connections: live.size,
      debug_info: {
        host: 'local-slack',
        build_number: 1,
        approximate_connection_time: APPROXIMATE_CONNECTION_SECONDS,
      },
      connection_info: { app_id: options.appId },
    };
    socket.send(JSON.stringify(hello));
  }

  function onMessage(text: string): void {
    const message = parseJson(text);
    if (!isJsonObject(message)) return;
    const id = stringOf(message.envelope_id);
    if (id === undefined) return;
    // An acknowledgement after the deadline, or a second one, changes nothing: the person has seen the failure.
    const settle = pending.get(id);
    if (!settle) return;
    pending.delete(id);
    settle(isJsonObject(message.payload) ? message.payload : undefined);
  }

  function goodbye(socket: WebSocket, reason: DisconnectReason): void {
    socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'local-slack' } }));
    // A warning announces the end; every other reason is the end.
    const cut = setTimeout(() => socket.terminate(), reason === 'warning' ? REFRESH_WARNING_MS : 1000);
    cut.unref();
    socket.once('close', () => clearTimeout(cut));
    if (reason !== 'warning') live.delete(socket);
  }

  return {
    /** A URL that opens one socket once. */
    issueUrl(): string {
      const ticket = randomBytes(16).toString('hex');
      tickets.set(ticket, options.now());
      return `${options.socketBaseUrl()}/link/?ticket=${ticket}&app_id=${options.appId}`;
    },
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
      const ticket = new URL(request.url ?? '/', 'http://local').searchParams.get('ticket') ?? '';
      const issuedMs = tickets.get(ticket);
      tickets.delete(ticket);
      const valid = issuedMs !== undefined && options.now() - issuedMs <= TICKET_LIFE_MS;
      if (!valid || options.isAway()) {
        socket.end(
          `HTTP/1.1 ${options.isAway() ? '503 Service Unavailable' : '401 Unauthorized'}\r\nConnection: close\r\n\r\n`,
        );
        return;
      }
      server.handleUpgrade(request, socket, head, welcome);
    },
    count: () => live.size,
    /** Sends an envelope to one live socket, picked at random as Slack does. */
    async send(envelope: Envelope): Promise<{ envelopeId: string; ack: Acknowledgement }> {
      const envelopeId = envelope.envelopeId ?? randomUUID();
      const sockets = [...live].filter((socket) => socket.readyState === socket.OPEN);
      const chosen = sockets[Math.floor(Math.random() * sockets.length)];
      if (!chosen) return { envelopeId, ack: { outcome: 'dispatch_failed', latencyMs: 0, why: 'no socket is open' } };
      const text = JSON.stringify({
        envelope_id: envelopeId,
        type: envelope.kind,
        accepts_response_payload: envelope.kind !== 'events_api',
        payload: envelope.payload,
        ...(envelope.kind === 'events_api'
          ? { retry_attempt: envelope.retry?.retryAttempt ?? 0, retry_reason: envelope.retry?.retryReason ?? '' }
          : {}),
      });
      const started = performance.now();
      const answered = waitForAck(envelopeId);
      for (let copy = 0; copy <= envelope.duplicates; copy += 1) chosen.send(text);
      const answer = await answered;
      const latencyMs = Math.round(performance.now() - started);
      if (answer === 'timeout') return { envelopeId, ack: { outcome: 'operation_timeout', latencyMs } };
      const body = answer && Object.keys(answer).length > 0 ? { body: answer } : {};
      return { envelopeId, ack: { outcome: 'acknowledged', latencyMs, ...body } };
    },
    /**
     * Ends live sockets, oldest first, as Slack would; `link_disabled` also refuses new ones until enabled again.
     * An envelope that is on its way to a socket when it ends is lost: its person sees the timeout.
     */
    disconnect(reason: DisconnectReason, count: number): void {
      if (reason === 'link_disabled') linkEnabled = false;
      for (const socket of [...live].slice(0, count)) goodbye(socket, reason);
    },
    enableLink(): void {
      linkEnabled = true;
    },
    /** Cuts sockets, oldest first, without a word. */
    cut(count = Number.POSITIVE_INFINITY): void {
      for (const socket of [...live].slice(0, count)) socket.terminate();
    },
    close(): void {
      clearInterval(ping);
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };

  function waitForAck(envelopeId: string): Promise<JsonObject | undefined | 'timeout'> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        pending.delete(envelopeId);
        resolve('timeout');
      }, ACK_DEADLINE_MS);
      pending.set(envelopeId, (ack) => {
        clearTimeout(timer);
        resolve(ack);
      });
    });
  }
}

export type SocketHub = ReturnType<typeof createSocketHub>;
