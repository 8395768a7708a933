import { deleteAlarms, describeAlarms, putMetricAlarm, setAlarmState } from '../cloudwatch/alarm-operations.ts';
import { listTagsForResource, tagResource, untagResource } from '../cloudwatch/alarm-tags.ts';
import { getMetricData, putMetricData } from '../cloudwatch/metric-operations.ts';
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

/** Those of them that are CloudWatch's. */
export const cloudWatchOperations: ReadonlySet<string> = new Set([
  'DescribeAlarms',
  'GetMetricData',
  'ListTagsForResource',
  'PutMetricAlarm',
  'DeleteAlarms',
  'SetAlarmState',
  'PutMetricData',
  'TagResource',
  'UntagResource',
]);

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
  ['DescribeAlarms', describeAlarms],
  ['GetMetricData', getMetricData],
  ['ListTagsForResource', listTagsForResource],
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
  ['PutMetricAlarm', putMetricAlarm],
  ['DeleteAlarms', deleteAlarms],
  ['SetAlarmState', setAlarmState],
  ['PutMetricData', putMetricData],
  ['TagResource', tagResource],
  ['UntagResource', untagResource],
]);
