import { setTimeout as delay } from 'node:timers/promises';
import type { Faults } from '../faults.ts';
import type { JsonObject } from '../json.ts';
import type { Settings } from '../settings.ts';
import type { Acknowledgement, DeliveryKind, RetryMark } from './acknowledgement.ts';
import { sendRequest } from './send-request.ts';
import { type SignedRequest, signedRequest, type Tampering } from './signed-request.ts';
import type { SocketHub } from './socket-hub.ts';

/** One thing that was sent to the app, and what became of it. */
export interface Delivery {
  id: number;
  atMs: number;
  transport: 'socket' | 'http';
  kind: DeliveryKind;
  payload: JsonObject;
  retry?: RetryMark;
  /** Set in Socket Mode. */
  envelopeId?: string;
  /** Set over HTTP: exactly what was sent. */
  request?: SignedRequest;
  /** Status and body of the HTTP answer. */
  answer?: { status: number; body: string };
  ack?: Acknowledgement;
}

/** Older deliveries are forgotten beyond this many. */
const KEEP = 5000;

/** Sends payloads to the app over the transport in force, and remembers them. */
export function createDeliverer(settings: Settings, sockets: SocketHub, faults: Faults, now: () => number) {
  const sent: Delivery[] = [];
  let nextId = 1;

  function remember(kind: DeliveryKind, payload: JsonObject, retry: RetryMark | undefined): Delivery {
    const delivery: Delivery = {
      id: nextId,
      atMs: now(),
      transport: settings.requestUrl ? 'http' : 'socket',
      kind,
      payload,
      ...(retry ? { retry } : {}),
    };
    nextId += 1;
    sent.push(delivery);
    if (sent.length > KEEP) sent.shift();
    return delivery;
  }

  async function post(delivery: Delivery, url: string, request: SignedRequest, duplicates: number): Promise<Delivery> {
    delivery.request = request;
    const copies = Array.from({ length: duplicates }, () => sendRequest(url, request));
    const [first] = await Promise.all([sendRequest(url, request), ...copies]);
    delivery.answer = { status: first.status, body: first.body };
    delivery.ack = first.ack;
    return delivery;
  }

  async function emit(delivery: Delivery, duplicates: number, envelopeId?: string): Promise<Delivery> {
    const { kind, payload, retry } = delivery;
    const result = await sockets.send({ kind, payload, retry, duplicates, ...(envelopeId ? { envelopeId } : {}) });
    delivery.envelopeId = result.envelopeId;
    delivery.ack = result.ack;
    return delivery;
  }

  return {
    /** Sends a payload once (plus the duplicates of a fault) and resolves with what became of it. */
    async deliver(
      kind: DeliveryKind,
      payload: JsonObject,
      options: { retry?: RetryMark | undefined; tampering?: Tampering | undefined } = {},
    ): Promise<Delivery & { ack: Acknowledgement }> {
      const fault = faults.forDelivery();
      const marked =
        fault.retryAttempt === undefined
          ? options.retry
          : { retryAttempt: fault.retryAttempt, retryReason: fault.retryReason ?? 'timeout' };
      const delivery = remember(kind, payload, marked);
      if (fault.delayMs) await delay(fault.delayMs);
      const duplicates = fault.duplicates ?? 0;
      const { requestUrl, signingSecret } = settings;
      if (requestUrl) {
        const request = signedRequest(kind, payload, signingSecret, now(), marked, options.tampering);
        await post(delivery, requestUrl, request, duplicates);
      } else await emit(delivery, duplicates);
      return { ...delivery, ack: delivery.ack as Acknowledgement };
    },
    /** Sends an earlier delivery again, unchanged. @throws when it is unknown or its transport is gone */
    async replay(id: number): Promise<Delivery> {
      const original = sent.find((delivery) => delivery.id === id);
      if (!original) throw new Error(`no delivery ${id}`);
      const copy = remember(original.kind, original.payload, original.retry);
      if (original.request && settings.requestUrl) return post(copy, settings.requestUrl, original.request, 0);
      if (original.envelopeId && !settings.requestUrl) return emit(copy, 0, original.envelopeId);
      throw new Error(`delivery ${id} went over ${original.transport}, which is not in use now`);
    },
    list: (): Delivery[] => [...sent],
  };
}

export type Deliverer = ReturnType<typeof createDeliverer>;
