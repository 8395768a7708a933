import { reason } from '../rollout/reasons.ts';
import { type AwsFailure, type Refusal, refusalOf } from './aws-errors.ts';
import { isNoSuchAlarm } from './read-alarms.ts';

/** What a definite error reply of CloudWatch means; null for everything that is no outcome. */
export function cloudWatchRefusal(failure: AwsFailure): Refusal | null {
  const refusal = refusalOf(failure);
  if (refusal === null || refusal.reason.code === 'access-denied') return refusal;
  if (isNoSuchAlarm(failure)) return { reason: reason('alarm-gone', { words: failure.words }), retryable: false };
  // The other sentences speak of SageMaker.
  return { reason: reason('alarm-refused', { words: failure.words }), retryable: refusal.retryable };
}
