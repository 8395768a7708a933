import {
  DescribeModelPackageCommand,
  ListModelPackagesCommand,
  type ListModelPackagesCommandInput,
  type ModelPackageSummary,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { ModelRegistry, ModelVersions, VersionListed } from '../ports/model-registry.ts';
import { known, type PackageSeen, type Reading } from '../rollout/observation.ts';
import type { AwsFailure } from './aws-errors.ts';
import { packageSeen } from './package-seen.ts';
import { readOrUnknown } from './sagemaker-read.ts';

/** 100 packages a page, so this is 20,000 versions. */
const MOST_PAGES = 200;
const PAGE_SIZE = 100;
/** Packages described at the same time; SageMaker's rate limits are not published. */
const DESCRIBED_AT_ONCE = 4;

type Options = { abortSignal: AbortSignal };
type Filter = Pick<ListModelPackagesCommandInput, 'ModelApprovalStatus'>;

/** The Model Registry through the SDK. Groups may be given by name or ARN. */
export function createSageMakerRegistry(client: SageMakerClient): ModelRegistry & ModelVersions {
  const describe = (arn: string): Promise<Reading<PackageSeen | null>> =>
    readOrUnknown(
      async (options) =>
        packageSeen(await client.send(new DescribeModelPackageCommand({ ModelPackageName: arn }), options)),
      (failure) => (isNoSuchPackage(failure) ? known(null) : null),
    );

  /** Newest version first. The order of creation, which AWS sorts by, is not promised to be that of the versions. */
  const listVersions = (group: string, filter: Filter) =>
    readOrUnknown(async (options) => {
      const all = await listAll(client, { ModelPackageGroupName: group, ...filter }, options);
      return known(all.sort((a, b) => (b.ModelPackageVersion ?? 0) - (a.ModelPackageVersion ?? 0)));
    });

  const describeFirst = async (listed: Reading<readonly ModelPackageSummary[]>) => {
    if (listed.kind === 'unknown') return listed;
    const arn = listed.value[0]?.ModelPackageArn;
    return arn === undefined ? known(null) : describe(arn);
  };

  return {
    newestApproved: async (group) => describeFirst(await listVersions(group, { ModelApprovalStatus: 'Approved' })),

    // Listed rather than asked for by a made-up ARN: "there is none" must not rest on the wording of an error.
    byVersion: async (group, version) => {
      const listed = await listVersions(group, {});
      if (listed.kind === 'unknown') return listed;
      return describeFirst(known(listed.value.filter((summary) => summary.ModelPackageVersion === version)));
    },

    byArn: describe,

    versions: async (group) => {
      const listed = await listVersions(group, {});
      return listed.kind === 'unknown' ? listed : known(listed.value.flatMap(versionListed));
    },

    list: async (group, limit) => {
      const listed = await listVersions(group, {});
      if (listed.kind === 'unknown') return listed;
      const arns = listed.value.slice(0, limit).flatMap(({ ModelPackageArn: arn }) => (arn === undefined ? [] : [arn]));
      const seen: PackageSeen[] = [];
      for (let next = 0; next < arns.length; next += DESCRIBED_AT_ONCE) {
        for (const reading of await Promise.all(arns.slice(next, next + DESCRIBED_AT_ONCE).map(describe))) {
          if (reading.kind === 'unknown') return reading;
          // Deleted since it was listed.
          if (reading.value !== null) seen.push(reading.value);
        }
      }
      return known(seen);
    },
  };
}

function versionListed(summary: ModelPackageSummary): readonly VersionListed[] {
  const { ModelPackageVersion: version, ModelApprovalStatus: approval, CreationTime: created } = summary;
  if (version === undefined) return [];
  return [
    {
      version,
      approval: approval ?? 'unknown',
      description: summary.ModelPackageDescription ?? null,
      createdAt: created?.toISOString() ?? null,
    },
  ];
}

async function listAll(
  client: SageMakerClient,
  input: ListModelPackagesCommandInput,
  options: Options,
): Promise<ModelPackageSummary[]> {
  const all: ModelPackageSummary[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const command = new ListModelPackagesCommand({
      ...input,
      ModelPackageType: 'Versioned',
      MaxResults: PAGE_SIZE,
      NextToken: token,
    });
    const reply = await client.send(command, options);
    all.push(...(reply.ModelPackageSummaryList ?? []));
    token = reply.NextToken;
    if (token === undefined) return all;
  }
  throw new Error(`the group has more than ${MOST_PAGES * PAGE_SIZE} packages`);
}

/** AWS's exact words for a package that is not there are not documented; these are the forms it uses elsewhere. */
function isNoSuchPackage({ name, words }: AwsFailure): boolean {
  if (name === 'ResourceNotFound' || name === 'ResourceNotFoundException') return true;
  return name === 'ValidationException' && /could not find model package|model ?package .*does not exist/i.test(words);
}
