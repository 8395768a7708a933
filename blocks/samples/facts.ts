import type { ModelFacts } from '../../src/rollout/model-facts.ts';
import { AT } from './parts.ts';

/** What the registry says of a version. */
export function factsOf(version: number, accuracy: string): ModelFacts {
  return {
    version,
    description: `Gradient boosting, trained on the passenger list of run ${version}`,
    createdBy: 'training-pipeline',
    createdAt: AT,
    commit: '4f1d9a2',
    repository: 'https://github.com/example/survival',
    image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/survival:7',
    imageDigest: `sha256:${String(version).repeat(64)}`,
    modelData: `s3://models/${version}.tar.gz`,
    metrics: { accuracy, auc: '0.87' },
  };
}
