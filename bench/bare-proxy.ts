/** A proxy of node:http and undici that looks at nothing: the least that anything in between costs in Node. */
import { createServer } from 'node:http';
import process from 'node:process';
import { Pool } from 'undici';

const pool = new Pool(process.env.BENCH_UPSTREAM ?? '', { connections: 64, pipelining: 1 });
const server = createServer((request, response) => {
  const received: Buffer[] = [];
  request.on('data', (chunk: Buffer) => received.push(chunk));
  request.on('end', () => {
    const answered: Buffer[] = [];
    let status = 502;
    const { host: _, connection: __, ...headers } = request.headers;
    const asked = { method: 'POST', path: request.url ?? '/', headers, body: Buffer.concat(received) } as const;
    pool.dispatch(asked, {
      // Without one, undici takes this for a handler of its older kind.
      onRequestStart() {},
      onResponseStart(_controller, answeredWith) {
        status = answeredWith;
      },
      onResponseData: (_controller, chunk) => void answered.push(chunk),
      onResponseEnd() {
        const body = Buffer.concat(answered);
        response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
      },
      onResponseError: () => void response.writeHead(502).end(),
    });
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  // One line that the parent waits for.
  console.log(typeof address === 'object' ? address?.port : '');
});
process.on('disconnect', () => process.exit(0));
