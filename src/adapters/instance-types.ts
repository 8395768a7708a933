import { ProductionVariantInstanceType } from '@aws-sdk/client-sagemaker';

/** What SageMaker hosts models on, as of this release of the SDK. */
export const INSTANCE_TYPES: readonly string[] = Object.values(ProductionVariantInstanceType);
