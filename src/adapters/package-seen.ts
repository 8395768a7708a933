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
    containers: (spec?.Containers ?? []).map(containerSeen),
    inferenceSpec: plainJson(spec),
  });
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
