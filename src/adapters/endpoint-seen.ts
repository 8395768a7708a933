import type {
  DescribeEndpointOutput,
  PendingProductionVariantSummary,
  ProductionVariantSummary,
} from '@aws-sdk/client-sagemaker';
import type { VariantSeen } from '../rollout/events.ts';
import { quotedWords } from '../rollout/failure-reasons.ts';
import { type EndpointSeen, known, type Reading, unknown } from '../rollout/observation.ts';

/** What SageMaker describes, in the core's words. Unknown where what decisions rest on is missing. */
export function endpointSeen(described: DescribeEndpointOutput): Reading<EndpointSeen> {
  const { EndpointArn: arn, EndpointStatus: status, LastModifiedTime: modified } = described;
  if (arn === undefined || status === undefined || modified === undefined || Number.isNaN(modified.getTime())) {
    return unknown('SageMaker described the endpoint without its ARN, status or LastModifiedTime');
  }
  const variants = described.ProductionVariants ?? [];
  const pending = described.PendingDeploymentSummary;
  return known({
    arn,
    status,
    lastModified: modified.toISOString(),
    configName: described.EndpointConfigName ?? '',
    pendingConfigName: pending?.EndpointConfigName ?? null,
    failureReason: described.FailureReason || null,
    variants: variants.map(variantSeen),
    images: [...new Set(variants.flatMap(imagesOf))],
    words: wordsOf([...(pending?.ProductionVariants ?? []), ...variants]),
    ...keptSince([...(pending?.ProductionVariants ?? []), ...variants]),
  });
}

const KEPT = ['TerminationWaitInSeconds', 'full capacity'];

function variantSeen(variant: ProductionVariantSummary): VariantSeen {
  return {
    name: variant.VariantName ?? '',
    desiredCount: variant.DesiredInstanceCount ?? null,
    currentCount: variant.CurrentInstanceCount ?? null,
    desiredWeight: variant.DesiredWeight ?? null,
    currentWeight: variant.CurrentWeight ?? null,
  };
}

/**
 * Since when the old fleet only waits for its end. SageMaker says so in words alone: "Baking for 600 seconds
 * (TerminationWaitInSeconds) with traffic enabled on full capacity" (Developer Guide). Its example of a canary that
 * bakes names the same wait, "on canary capacity", and there the old fleet serves. Other words are just shown.
 */
function keptSince(variants: readonly (ProductionVariantSummary | PendingProductionVariantSummary)[]): {
  readonly keptSince?: string;
} {
  const waiting = variants
    .flatMap((variant) => variant.VariantStatus ?? [])
    .find(
      ({ Status, StatusMessage = '' }) => Status === 'Baking' && KEPT.every((words) => StatusMessage.includes(words)),
    );
  const since = waiting?.StartTime;
  return since === undefined || Number.isNaN(since.getTime()) ? {} : { keptSince: since.toISOString() };
}

function imagesOf(variant: ProductionVariantSummary): string[] {
  return (variant.DeployedImages ?? []).flatMap(({ ResolvedImage, SpecifiedImage }) => {
    const image = ResolvedImage ?? SpecifiedImage;
    return image === undefined ? [] : [image];
  });
}

/** "Creating: Launching 2 instance(s).", each only once; what is pending tells more, so it comes first. */
function wordsOf(variants: readonly (ProductionVariantSummary | PendingProductionVariantSummary)[]): string | null {
  const words = variants
    .flatMap((variant) => variant.VariantStatus ?? [])
    .map(({ Status, StatusMessage }) => [Status, StatusMessage].filter(Boolean).join(': '));
  const line = quotedWords([...new Set(words)].join(' '));
  return line === '' ? null : line;
}
