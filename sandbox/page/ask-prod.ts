import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { RunningSageMaker } from '../sagemaker/start-sagemaker.ts';
import { ENDPOINTS } from './names.ts';
import { versionOf } from './read-endpoints.ts';
import type { Passenger, ProdAnswer } from './wire.ts';

const PROD = ENDPOINTS[1].name;

export interface ProdCaller {
  ask(passenger: Passenger): Promise<ProdAnswer>;
  close(): void;
}

/** Asks the live prod endpoint through the real runtime API, as any client of the model would. */
export function createProdCaller(sagemaker: RunningSageMaker): ProdCaller {
  const client = new SageMakerRuntimeClient({
    endpoint: sagemaker.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'page', secretAccessKey: 'page' },
    maxAttempts: 1,
  });
  return {
    async ask({ passengerClass, sex, age }) {
      const request = [passengerClass, sex, age].join(',');
      const version = await liveVersion(sagemaker);
      const startedMs = performance.now();
      const tookMs = () => Math.round(performance.now() - startedMs);
      try {
        const command = new InvokeEndpointCommand({ EndpointName: PROD, ContentType: 'text/csv', Body: request });
        const answer = await client.send(command);
        return { ok: true, request, reply: new TextDecoder().decode(answer.Body), tookMs: tookMs(), version };
      } catch (error) {
        const reply = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
        return { ok: false, request, reply, tookMs: tookMs(), version };
      }
    },
    close: () => client.destroy(),
  };
}

async function liveVersion({ control }: RunningSageMaker): Promise<number | null> {
  const state = await control.state();
  const prod = state.endpoints.find((endpoint) => endpoint.EndpointName === PROD);
  return prod === undefined ? null : versionOf(state, String(prod.EndpointConfigName));
}
