/** A runtime of bare sockets that answers at once, so that what is measured is what stands before it. */
import { createServer } from 'node:net';
import process from 'node:process';

const BODY = '{"probability":0.118}';
const ANSWER = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-amzn-requestid: bench\r\n' +
    `x-amzn-invoked-production-variant: AllTraffic\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`,
);

const server = createServer((socket) => {
  let held = '';
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    held += chunk.toString('latin1');
    const end = held.indexOf('\r\n\r\n');
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(held)?.[1] ?? 0);
    if (end < 0 || held.length < end + 4 + length) return;
    held = '';
    socket.write(ANSWER);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  // One line that the parent waits for.
  console.log(typeof address === 'object' ? address?.port : '');
});
process.on('disconnect', () => process.exit(0));
