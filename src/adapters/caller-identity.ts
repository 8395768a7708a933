import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { known, type Reading, unknown } from '../rollout/observation.ts';
import { readOrUnknown } from './sagemaker-read.ts';

/** Who these credentials are, as AWS says, and when it said so. */
export interface Caller {
  /** Nobody can choose it for themselves. */
  readonly arn: string;
  /** AWS's own clock, to the second; null: it did not say. */
  readonly dateMs: number | null;
  /** Our own clock when the answer came. */
  readonly heardMs: number;
}

/** Who these credentials are, as AWS says: an ARN. */
export async function readCallerIdentity(sts: STSClient): Promise<Reading<string>> {
  const caller = await readCaller(sts);
  return caller.kind === 'known' ? known(caller.value.arn) : caller;
}

/** The same with AWS's clock, which stands in the header `date` of every answer. */
export function readCaller(sts: STSClient): Promise<Reading<Caller>> {
  return readOrUnknown(async (options) => {
    const command = new GetCallerIdentityCommand({});
    let date = '';
    let heardMs = 0;
    command.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        date = dateOf(result.response);
        heardMs = Date.now();
        return result;
      },
      { step: 'deserialize', priority: 'low', name: 'titanicDate' },
    );
    const { Arn: arn } = await sts.send(command, options);
    const dateMs = Date.parse(date);
    return arn === undefined
      ? unknown('AWS named nobody')
      : known({ arn, dateMs: Number.isNaN(dateMs) ? null : dateMs, heardMs });
  });
}

function dateOf(response: unknown): string {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return '';
  const { headers } = response;
  if (typeof headers !== 'object' || headers === null || !('date' in headers)) return '';
  return String(headers.date);
}
