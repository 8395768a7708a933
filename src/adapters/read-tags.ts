import { ListTagsCommand, type SageMakerClient } from '@aws-sdk/client-sagemaker';
import { known, type Reading } from '../rollout/observation.ts';
import type { AwsFailure } from './aws-errors.ts';
import { readOrUnknown } from './sagemaker-read.ts';

/** A resource has at most 50 tags, and pages have 50 or more. */
const MOST_PAGES = 5;

/** All tags of a resource. */
export function readTags(client: SageMakerClient, arn: string): Promise<Reading<Readonly<Record<string, string>>>> {
  return readAll<Readonly<Record<string, string>>>(client, arn, () => null);
}

function readAll<T>(
  client: SageMakerClient,
  arn: string,
  absent: (failure: AwsFailure) => Reading<T> | null,
): Promise<Reading<T | Readonly<Record<string, string>>>> {
  return readOrUnknown<T | Readonly<Record<string, string>>>(async (options) => {
    const tags: Record<string, string> = {};
    let token: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const reply = await client.send(new ListTagsCommand({ ResourceArn: arn, NextToken: token }), options);
      for (const { Key, Value } of reply.Tags ?? []) if (Key !== undefined) tags[Key] = Value ?? '';
      token = reply.NextToken;
      if (token === undefined) return known(tags);
    }
    throw new Error(`more than ${MOST_PAGES} pages of tags`);
  }, absent);
}

/** The same; null: there is no such resource. */
export function readTagsIfThere(
  client: SageMakerClient,
  arn: string,
): Promise<Reading<Readonly<Record<string, string>> | null>> {
  return readAll(client, arn, (failure) => (isNoSuchResource(failure) ? known(null) : null));
}

/** AWS's exact words of ListTags for something that is not there are not documented; these are its forms elsewhere. */
function isNoSuchResource({ name, words }: AwsFailure): boolean {
  if (name === 'ResourceNotFound' || name === 'ResourceNotFoundException') return true;
  return name === 'ValidationException' && /could not find|does not exist/i.test(words);
}

/** As requests take them. */
export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** The first tag that is not there as wanted, as `tags.NAME`; others than ours are nobody's business. */
export function tagDifference(
  wanted: Readonly<Record<string, string>>,
  seen: Readonly<Record<string, string>>,
): string | null {
  const differing = Object.keys(wanted).find((key) => seen[key] !== wanted[key]);
  return differing === undefined ? null : `tags.${differing}`;
}
