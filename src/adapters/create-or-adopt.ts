import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { PrepareResult } from '../rollout/input.ts';
import { reason } from '../rollout/reasons.ts';
import { type AwsFailure, awsFailure, failureWords, isAlreadyThere, isNotFound, refusalOf } from './aws-errors.ts';
import { readTags, tagDifference } from './read-tags.ts';

/** One resource of a preparation, or why there is none. */
export type PreparedPart =
  | { readonly kind: 'created'; readonly what: string; readonly arn: string; readonly requestId: string | null }
  | { readonly kind: 'adopted'; readonly arn: string }
  | Exclude<PrepareResult, { kind: 'prepared' }>;

interface CallOptions {
  readonly abortSignal: AbortSignal;
  /** Overrides the client's own, milliseconds per attempt. */
  readonly requestTimeout: number;
}

interface Resource {
  readonly client: SageMakerClient;
  readonly what: 'model' | 'endpoint configuration';
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly create: (options: CallOptions) => Promise<{ arn: string | undefined; requestId: string | undefined }>;
  /** Describes the one that is there and names the first field that differs from ours. */
  readonly compare: (options: CallOptions) => Promise<{ arn: string | undefined; differing: string | null }>;
}

// CreateModel looks at the image and the model data before it answers, which takes its time.
const CREATE_ATTEMPT_MS = 30_000;
const COMPARE_ATTEMPT_MS = 5_000;
const DEADLINE_MS = 60_000;

/**
 * Creates a resource, or finds that it is there and adopts it when it is what we would have made. So a creation whose
 * reply was lost is simply done again.
 */
export async function createOrAdopt(resource: Resource): Promise<PreparedPart> {
  const abortSignal = AbortSignal.timeout(DEADLINE_MS);
  try {
    const { arn, requestId } = await resource.create({ abortSignal, requestTimeout: CREATE_ATTEMPT_MS });
    return { kind: 'created', what: resource.what, arn: arn ?? resource.name, requestId: requestId ?? null };
  } catch (error) {
    const failure = awsFailure(error);
    return isAlreadyThere(failure) ? adopt(resource, abortSignal) : notNow(failure);
  }
}

async function adopt(resource: Resource, abortSignal: AbortSignal): Promise<PreparedPart> {
  const { client, name, tags } = resource;
  try {
    const { arn, differing } = await resource.compare({ abortSignal, requestTimeout: COMPARE_ATTEMPT_MS });
    if (arn === undefined) return { kind: 'later', why: `SageMaker described ${name} without its ARN` };
    if (differing !== null) return taken(name, differing);
    const seen = await readTags(client, arn);
    if (seen.kind === 'unknown') return { kind: 'later', why: `the tags of ${name}: ${seen.why}` };
    const tag = tagDifference(tags, seen.value);
    return tag === null ? { kind: 'adopted', arn } : taken(name, tag);
  } catch (error) {
    const failure = awsFailure(error);
    // Said to exist, and not to be found: one of the two answers is old.
    return isNotFound(failure, resource.what) ? { kind: 'later', why: failureWords(failure) } : notNow(failure);
  }
}

function taken(name: string, field: string): PreparedPart {
  return { kind: 'refused', reason: reason('name-taken', { name, field }) };
}

function notNow(failure: AwsFailure): PreparedPart {
  const refusal = refusalOf(failure);
  // A model that was just made may not be visible to the config yet; and no definite reply at all is tried again,
  // because a repeated creation finds its own work.
  const later = refusal === null || refusal.retryable || isNotFound(failure, 'model');
  return later ? { kind: 'later', why: failureWords(failure) } : { kind: 'refused', reason: refusal.reason };
}
