import type { App, Receiver } from '@slack/bolt';
import { z } from 'zod';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { SlackMetrics } from './slack-metrics.ts';
import { createSocketLink, type Envelope } from './slack-socket-link.ts';

/** Bolt reads the body as an object with names; what is none is acknowledged and left. */
const bodyShape = z.looseObject({});

/** What a listener says in its acknowledgement, such as the faults of a form; everything else is acknowledged unread. */
const ANSWERED_BY_ACK: readonly string[] = ['view_submission', 'block_suggestion'];

/**
 * Slack refreshes sockets by their age, so two that were opened together would end together. Longer than it takes to
 * open one. Milliseconds.
 */
const APART_MS = 10_000;
/** The same while none is open: another link gives the first this much time before it tries as well. Milliseconds. */
const APART_WHILE_DEAF_MS = 1_000;

/** Socket Mode as one of Bolt's receivers. Each link keeps one socket open; Slack picks any one of them. */
export function createSlackSocketReceiver(deps: {
  readonly appToken: string;
  readonly apiUrl: string | undefined;
  /** More than one leaves no gap at Slack's refreshes. */
  readonly sockets: number;
  readonly clock: Clock;
  readonly fraction: () => number;
  readonly metrics: SlackMetrics;
  readonly log: Logger;
}) {
  const { metrics, log } = deps;
  const stopping = new AbortController();
  let app: App | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let turnTakenMs = Number.NEGATIVE_INFINITY;
  const links = Array.from({ length: deps.sockets }, () =>
    createSocketLink({
      ...deps,
      receive: (envelope) => void receive(envelope),
      turnMs,
      changed: () => metrics.sockets(openSockets()),
    }),
  );

  /** 0: a link may open a socket now, and has taken its turn by asking. */
  function turnMs(): number {
    const now = deps.clock.elapsedMs();
    const waitMs = turnTakenMs + (openSockets() === 0 ? APART_WHILE_DEAF_MS : APART_MS) - now;
    if (waitMs > 0) return waitMs;
    turnTakenMs = now;
    return 0;
  }

  function openSockets(): number {
    return links.filter((link) => link.isOpen()).length;
  }

  async function receive(envelope: Envelope): Promise<void> {
    const startedMs = performance.now();
    let acked = false;
    // An acknowledgement that comes too late for its socket must not end the work: Slack may deliver again, and the
    // command's key keeps that from counting twice.
    const ack = async (response?: unknown) => {
      if (acked) return;
      acked = true;
      try {
        await envelope.ack(response);
        metrics.acked('socket', performance.now() - startedMs);
      } catch {
        metrics.refused('ack-lost');
        log.warn({ envelope: envelope.id }, 'The socket was gone before the acknowledgement');
      }
    };
    const body = bodyShape.safeParse(envelope.body);
    // Here and not in the listener: Slack's goodbye may stand right behind the envelope, and closes the socket.
    const acking = body.success && ANSWERED_BY_ACK.includes(String(body.data.type)) ? null : ack();
    if (!body.success || app === undefined) return void (await acking);
    try {
      await app.processEvent({
        body: body.data,
        ack,
        ...(envelope.retryNum === undefined ? {} : { retryNum: envelope.retryNum }),
        ...(envelope.retryReason === undefined ? {} : { retryReason: envelope.retryReason }),
        customProperties: { deliveryId: envelope.id },
      });
    } catch (error) {
      log.error({ why: error instanceof Error ? error.name : 'unknown' }, 'A payload of Slack could not be worked on');
      await ack();
    }
  }

  const receiver: Receiver = {
    init(given) {
      app = given;
    },
    async start() {
      running = Promise.all(links.map((link) => link.run(stopping.signal)));
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
  return {
    receiver,
    openSockets,
    trouble: () => links.map((link) => link.trouble()).find((why) => why !== null) ?? null,
  };
}
