import type { CallMeasure } from '../ports/call-measure.ts';
import { type AwsFailure, awsFailure, isDefinite } from './aws-errors.ts';

/** As much of an SDK client's middleware stack as is used here; every client has it. */
interface Measurable {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: never) => Promise<unknown>,
        context: { readonly commandName?: string },
      ) => (args: never) => Promise<unknown>,
      options: { readonly step: 'initialize'; readonly name: string },
    ): void;
  };
}

/** Counts each command of a client, all its attempts together. */
export function measureAwsClient(client: object, service: string, measure: CallMeasure, nowMs: () => number): void {
  if (!isMeasurable(client)) return;
  client.middlewareStack.add(
    (next, { commandName = 'unknown' }) =>
      async (args) => {
        const startedMs = nowMs();
        const operation = `${service} ${commandName.replace(/Command$/, '')}`;
        try {
          const result = await next(args);
          measure.called(operation, 'ok', nowMs() - startedMs);
          return result;
        } catch (error) {
          measure.called(operation, outcomeOf(awsFailure(error)), nowMs() - startedMs);
          throw error;
        }
      },
    { step: 'initialize', name: 'titanicMeasure' },
  );
}

/** That something is not there, or that another was faster, is an answer like any other. */
function outcomeOf(failure: AwsFailure): 'ok' | 'refused' | 'failed' {
  if (!isDefinite(failure)) return 'failed';
  const answer = failure.name === 'ConditionalCheckFailedException' || failure.words.startsWith('Could not find ');
  return answer ? 'ok' : 'refused';
}

function isMeasurable(client: object): client is Measurable {
  return 'middlewareStack' in client;
}
