import type { DescribeModelPackageOutput, ModelPackageContainerDefinition } from '@aws-sdk/client-sagemaker';
import { known, type PackageSeen, type Reading, unknown } from '../rollout/observation.ts';

/** What the registry describes, in the core's words. */
export function packageSeen(described: DescribeModelPackageOutput): Reading<PackageSeen> {
  const { ModelPackageArn: arn, ModelPackageStatus: status, InferenceSpecification: spec } = described;
  if (arn === undefined || status === undefined) {
    return unknown('SageMaker described the model package without its ARN or status');
  }
  return known({
    arn,
    group: described.ModelPackageGroupName ?? null,
    version: described.ModelPackageVersion ?? null,
    // Unversioned packages have none. Nothing is ever taken as approved that does not say so.
    approval: described.ModelApprovalStatus ?? 'PendingManualApproval',
    status,
    description: described.ModelPackageDescription ?? null,
    about: {
      createdBy: described.CreatedBy?.UserProfileName ?? described.CreatedBy?.IamIdentity?.Arn ?? null,
      createdAt: described.CreationTime?.toISOString() ?? null,
      commit: described.MetadataProperties?.CommitId ?? null,
      repository: described.MetadataProperties?.Repository ?? null,
      metrics: metricsOf(described),
    },
    containers: (spec?.Containers ?? []).map(containerSeen),
    inferenceSpec: plainJson(spec),
  });
}

/** What whoever registered it wrote beside it, and where the reports of its metrics lie. */
function metricsOf({
  CustomerMetadataProperties: written,
  ModelMetrics: metrics,
}: DescribeModelPackageOutput): Record<string, string> {
  const reports = {
    'model quality': metrics?.ModelQuality?.Statistics?.S3Uri,
    'data quality': metrics?.ModelDataQuality?.Statistics?.S3Uri,
    bias: metrics?.Bias?.Report?.S3Uri,
    explainability: metrics?.Explainability?.Report?.S3Uri,
  };
  const given = Object.entries(reports).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...written, ...Object.fromEntries(given) };
}

function containerSeen(container: ModelPackageContainerDefinition): PackageSeen['containers'][number] {
  const source = container.ModelDataSource?.S3DataSource;
  return {
    image: container.Image ?? '',
    imageDigest: container.ImageDigest ?? null,
    modelDataUrl: container.ModelDataUrl ?? source?.S3Uri ?? null,
    modelDataEtag: container.ModelDataETag ?? source?.ETag ?? null,
  };
}

/** Without the absent members that the SDK's objects may carry as `undefined`, so that its digest is one of content. */
function plainJson(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
