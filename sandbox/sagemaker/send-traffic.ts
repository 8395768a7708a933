import { SageMakerRuntime } from '@aws-sdk/client-sagemaker-runtime';

export interface Traffic {
  /** How many requests were answered, and how many failed inside the model. */
  counts(): { readonly answered: number; readonly failed: number };
  stop(): Promise<void>;
}

const EVERY_MS = 20;

/** Synthetic traffic: one passenger after the other asks about the way to the boats, until it is stopped. */
export function sendTraffic(url: string, endpoint: string): Traffic {
  const runtime = new SageMakerRuntime({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'traffic', secretAccessKey: 'traffic' },
    maxAttempts: 1,
  });
  let answered = 0;
  let failed = 0;
  let going = true;

  async function run(): Promise<void> {
    while (going) {
      try {
        await runtime.invokeEndpoint({ EndpointName: endpoint, ContentType: 'text/csv', Body: '1,female,29' });
        answered += 1;
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'ModelError') throw error;
        failed += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }
  const running = run();
  // Told to whoever stops it; until then nobody waits for it.
  running.catch(() => {});

  return {
    counts: () => ({ answered, failed }),
    async stop() {
      going = false;
      await running.finally(() => runtime.destroy());
    },
  };
}
