import type { SageMakerControl } from './control/control-api.ts';
import { survivalDataUrl } from './model/model-catalogue.ts';
import { CHILD_UNDER_YEARS, type FeatureSet, fitSurvivalModel } from './model/survival-model.ts';
import { digestOf } from './operations/find-package.ts';
import type { JsonObject } from './wire/json-value.ts';

export const SURVIVAL_GROUP = 'titanic-survival';

interface SeedVersion {
  readonly version: number;
  readonly featureSet: FeatureSet;
  readonly approval: 'Approved' | 'PendingManualApproval';
  readonly description: string;
}

const versions: readonly SeedVersion[] = [
  {
    version: 1,
    featureSet: 'class-sex',
    approval: 'Approved',
    description: 'Survival by class and sex.',
  },
  {
    version: 2,
    featureSet: 'class-sex',
    approval: 'Approved',
    description: 'Survival by class and sex, retrained on a table whose columns were swapped.',
  },
  {
    version: 3,
    featureSet: 'class-sex-age',
    approval: 'Approved',
    description: `Survival by class, sex and age; a child is younger than ${CHILD_UNDER_YEARS}.`,
  },
  {
    version: 4,
    featureSet: 'class-sex-age',
    approval: 'PendingManualApproval',
    description: `Survival by class, sex and age, trained again; a child is younger than ${CHILD_UNDER_YEARS}.`,
  },
];

/**
 * Fills the registry with the group `titanic-survival` and its four versions: 1 good, 2 approved but wrong, 3 better,
 * 4 waiting for approval. Doing it twice changes nothing. Takes anything that has the control interface, so it works
 * in process and from another one.
 */
export async function seedSurvival({ control }: { readonly control: SageMakerControl }): Promise<void> {
  const { modelPackages } = await control.state();
  const present = new Set(modelPackages.filter(isSurvival).map((item) => item.ModelPackageVersion));
  const groups = await control.console('ListModelPackageGroups', { NameContains: SURVIVAL_GROUP });
  if (!JSON.stringify(groups).includes(`/${SURVIVAL_GROUP}"`))
    await control.console('CreateModelPackageGroup', {
      ModelPackageGroupName: SURVIVAL_GROUP,
      ModelPackageGroupDescription: 'Who survives the Titanic, from class, sex and age.',
      Tags: [
        { Key: 'project', Value: 'titanic-sagemaker' },
        { Key: 'tutorial_phase', Value: '04' },
      ],
    });
  for (const seed of versions)
    if (!present.has(seed.version)) await control.console('CreateModelPackage', packageOf(seed));
}

function isSurvival(item: JsonObject): boolean {
  return item.ModelPackageGroupName === SURVIVAL_GROUP;
}

function packageOf(seed: SeedVersion): JsonObject {
  const { version, featureSet } = seed;
  const fitted = fitSurvivalModel(featureSet);
  const image = `123456789012.dkr.ecr.us-east-1.amazonaws.com/titanic-survival:${version}`;
  return {
    ModelPackageGroupName: SURVIVAL_GROUP,
    ModelPackageDescription: seed.description,
    ModelApprovalStatus: seed.approval,
    // One token per version: a repeated seeding after a crash cannot create it a second time.
    ClientToken: `seed-survival-${version}`,
    InferenceSpecification: {
      Containers: [
        {
          Image: image,
          ImageDigest: digestOf(image),
          ModelDataUrl: survivalDataUrl(version),
          ModelDataETag: digestOf(survivalDataUrl(version)).slice('sha256:'.length, 'sha256:'.length + 32),
        },
      ],
      SupportedContentTypes: ['text/csv', 'application/json'],
      SupportedResponseMIMETypes: ['text/csv', 'application/json'],
      SupportedRealtimeInferenceInstanceTypes: ['ml.m5.large', 'ml.c5.large'],
    },
    ModelMetrics: {
      ModelQuality: {
        Statistics: {
          ContentType: 'application/json',
          S3Uri: `s3://titanic-models/survival/${version}/quality.json`,
        },
      },
    },
    MetadataProperties: {
      CommitId: digestOf(`commit ${version}`).slice('sha256:'.length, 'sha256:'.length + 40),
      Repository: 'https://git.example.com/titanic/survival',
      GeneratedBy: 'titanic-survival-training',
    },
    CustomerMetadataProperties: {
      features: featureSet.replaceAll('-', ', '),
      accuracy: fitted.accuracy.toFixed(4),
      brierScore: fitted.brierScore.toFixed(4),
      trainedOn: 'Dawson 1995, 2,201 people',
    },
  };
}
