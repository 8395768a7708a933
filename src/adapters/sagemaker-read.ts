import { type Reading, unknown } from '../rollout/observation.ts';
import { type AwsFailure, awsFailure, failureWords } from './aws-errors.ts';

/** All attempts of a read together, milliseconds. Later than this its answer would be too old to decide on. */
const READ_DEADLINE_MS = 15_000;

/**
 * Carries out a read that never throws: what cannot be read is unknown. `absent` answers for errors that are a
 * definite "there is none such"; null: this is no such error.
 */
export async function readOrUnknown<T>(
  read: (options: { abortSignal: AbortSignal }) => Promise<Reading<T>>,
  absent: (failure: AwsFailure) => Reading<T> | null = () => null,
): Promise<Reading<T>> {
  const deadline = AbortSignal.timeout(READ_DEADLINE_MS);
  try {
    return await read({ abortSignal: deadline });
  } catch (error) {
    const failure = awsFailure(error);
    const answer = absent(failure);
    if (answer !== null) return answer;
    return unknown(deadline.aborted ? `no answer within ${READ_DEADLINE_MS / 1_000} s` : failureWords(failure));
  }
}
