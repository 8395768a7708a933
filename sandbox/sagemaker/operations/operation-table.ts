import type { Operation } from '../operation.ts';
import * as configs from './endpoint-configs.ts';
import { updateEndpointWeightsAndCapacities } from './endpoint-weights.ts';
import * as endpoints from './endpoints.ts';
import * as groups from './model-package-groups.ts';
import * as packages from './model-packages.ts';
import * as models from './models.ts';
import { describeEndpoint, listEndpoints } from './read-endpoints.ts';
import { describeModelPackage, listModelPackages } from './read-model-packages.ts';
import { addTags, deleteTags, listTags } from './tags.ts';

/** Operations that only look: they are not in the journal and are never written to disk. */
export const readingOperations: ReadonlyMap<string, Operation> = new Map([
  ['DescribeModelPackageGroup', groups.describeModelPackageGroup],
  ['ListModelPackageGroups', groups.listModelPackageGroups],
  ['DescribeModelPackage', describeModelPackage],
  ['ListModelPackages', listModelPackages],
  ['DescribeModel', models.describeModel],
  ['ListModels', models.listModels],
  ['DescribeEndpointConfig', configs.describeEndpointConfig],
  ['ListEndpointConfigs', configs.listEndpointConfigs],
  ['DescribeEndpoint', describeEndpoint],
  ['ListEndpoints', listEndpoints],
  ['ListTags', listTags],
]);

/** Operations that change the account. */
export const changingOperations: ReadonlyMap<string, Operation> = new Map([
  ['CreateModelPackageGroup', groups.createModelPackageGroup],
  ['DeleteModelPackageGroup', groups.deleteModelPackageGroup],
  ['CreateModelPackage', packages.createModelPackage],
  ['UpdateModelPackage', packages.updateModelPackage],
  ['DeleteModelPackage', packages.deleteModelPackage],
  ['CreateModel', models.createModel],
  ['DeleteModel', models.deleteModel],
  ['CreateEndpointConfig', configs.createEndpointConfig],
  ['DeleteEndpointConfig', configs.deleteEndpointConfig],
  ['CreateEndpoint', endpoints.createEndpoint],
  ['UpdateEndpoint', endpoints.updateEndpoint],
  ['UpdateEndpointWeightsAndCapacities', updateEndpointWeightsAndCapacities],
  ['DeleteEndpoint', endpoints.deleteEndpoint],
  ['AddTags', addTags],
  ['DeleteTags', deleteTags],
]);
