/** Fastify that passes a body on with the SDK's own client and checks nothing: what the inference API is compared with. */
import process from 'node:process';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import Fastify from 'fastify';

const agent = { keepAlive: true, maxSockets: 256 };
const client = new SageMakerRuntimeClient({ maxAttempts: 1, requestHandler: { httpAgent: agent, httpsAgent: agent } });
const app = Fastify({ logger: false });
app.removeAllContentTypeParsers();
app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) => done(null, body));
app.post('/v1/predict', async (request, reply) => {
  const command = new InvokeEndpointCommand({
    EndpointName: process.env.INFERENCE_API_ENDPOINT ?? '',
    ContentType: 'application/json',
    Accept: 'application/json',
    Body: String(request.body),
  });
  const answer = await client.send(command);
  reply.header('content-type', 'application/json');
  return answer.Body?.transformToString();
});
const address = await app.listen({ port: 0, host: '127.0.0.1' });
// One line that the parent waits for.
console.log(new URL(address).port);
process.on('disconnect', () => process.exit(0));
