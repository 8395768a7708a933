import type { App, Receiver } from '@slack/bolt';
import { z } from 'zod';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { SlackMetrics } from './slack-metrics.ts';
import { createSocketLink, type Envelope } from './slack-socket-link.ts';

/** Bolt reads the body as an object with names; what is none is acknowledged and left. */
const bodyShape = z.looseObject({});

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
  const links = Array.from({ length: deps.sockets }, () =>
    createSocketLink({
      ...deps,
      receive: (envelope) => void receive(envelope),
      changed: () => metrics.sockets(openSockets()),
    }),
  );

  function openSockets(): number {
    return links.filter((link) => link.isOpen()).length;
  }

  async function receive(envelope: Envelope): Promise<void> {
    const startedMs = performance.now();
    // An acknowledgement that comes too late for its socket must not end the work: Slack may deliver again, and the
    // command's key keeps that from counting twice.
    const ack = async (response?: unknown) => {
      try {
        await envelope.ack(response);
        metrics.acked('socket', performance.now() - startedMs);
      } catch {
        metrics.refused('ack-lost');
        log.warn({ envelope: envelope.id }, 'The socket was gone before the acknowledgement');
      }
    };
    const body = bodyShape.safeParse(envelope.body);
    if (!body.success || app === undefined) return ack();
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
