import { type ClientRequestArgs, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';

/** Asked when everything is ready and the next thing would be the request's first byte. */
export type MayLeave = () => boolean;

type HandOver = (error: Error | null, socket: Duplex) => void;

/**
 * Agents for one request, which gets its socket only once that is connected, and only if it may still leave then. A
 * request that already has its socket would be written out by Node itself as soon as the connection stands, however
 * long that took; a machine that was suspended meanwhile would send what nobody expects any more.
 */
export function departureAgents(mayLeave: MayLeave): { httpAgent: HttpAgent; httpsAgent: HttpsAgent } {
  // A socket is never shared or kept, so that destroying it ends this request and nothing else.
  return {
    httpAgent: new DepartureHttpAgent(mayLeave),
    httpsAgent: new DepartureHttpsAgent(mayLeave),
  };
}

class DepartureHttpAgent extends HttpAgent {
  readonly #mayLeave: MayLeave;

  constructor(mayLeave: MayLeave) {
    super({ keepAlive: false });
    this.#mayLeave = mayLeave;
  }

  override createConnection(options: ClientRequestArgs, callback?: HandOver): undefined {
    handOver(super.createConnection(options), 'connect', this.#mayLeave, callback);
  }
}

class DepartureHttpsAgent extends HttpsAgent {
  readonly #mayLeave: MayLeave;

  constructor(mayLeave: MayLeave) {
    super({ keepAlive: false });
    this.#mayLeave = mayLeave;
  }

  override createConnection(options: ClientRequestArgs, callback?: HandOver): undefined {
    handOver(super.createConnection(options), 'secureConnect', this.#mayLeave, callback);
  }
}

function handOver(
  socket: Duplex | null | undefined,
  connected: 'connect' | 'secureConnect',
  mayLeave: MayLeave,
  callback: HandOver | undefined,
): void {
  if (socket == null) throw new Error('An agent of Node always makes a socket.');
  const failed = (error: Error) => callback?.(error, socket);
  socket.once('error', failed);
  socket.once(connected, () => {
    socket.off('error', failed);
    if (mayLeave()) return callback?.(null, socket);
    socket.destroy();
    callback?.(new Error('The request was not sent: it was too late when the connection stood.'), socket);
  });
}
