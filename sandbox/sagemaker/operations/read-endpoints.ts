import { arnOf } from '../account.ts';
import { describeEndpoint as describe } from '../endpoint/describe-endpoint.ts';
import { statusAt } from '../endpoint/endpoint-phase.ts';
import type { Operation } from '../operation.ts';
import { notFound } from '../wire/aws-error.ts';
import { readInput } from '../wire/input-reader.ts';
import { epochSeconds } from '../wire/json-value.ts';
import { entityName } from '../wire/name-rules.ts';
import { findEndpoint } from './endpoints.ts';
import { listPage, readListQuery } from './list-page.ts';

const STATUSES = [
  'OutOfService',
  'Creating',
  'Updating',
  'SystemUpdating',
  'RollingBack',
  'InService',
  'Deleting',
  'Failed',
  'UpdateRollbackFailed',
];

export const describeEndpoint: Operation = (context, input) => {
  const read = readInput(input);
  const name = read.text('EndpointName', entityName);
  read.done();
  const stale = context.takeFault('staleDescribe');
  if (stale === undefined) return describe(findEndpoint(context, name), context.nowMs);
  const atMs = context.nowMs - (stale.ms ?? 0);
  const then = context.endpointAsOf(name, atMs);
  if (then === undefined) throw notFound('endpoint', arnOf(context.account, 'endpoint', name));
  return describe(then, atMs);
};

export const listEndpoints: Operation = (context, input) => {
  const read = readInput(input);
  const query = readListQuery(read, {
    defaultSortOrder: 'Descending',
    sortKeys: ['Name', 'CreationTime', 'Status', 'LastModifiedTime'],
  });
  const statusEquals = read.optionalText('StatusEquals', { values: STATUSES });
  read.done();
  const wanted = [...context.world.endpoints.values()].filter(
    (record) => statusEquals === undefined || statusAt(record, context.nowMs) === statusEquals,
  );
  const page = listPage(wanted, query, undefined, (record) => statusAt(record, context.nowMs));
  return {
    Endpoints: page.items.map((record) => ({
      EndpointName: record.name,
      EndpointArn: record.arn,
      CreationTime: epochSeconds(record.createdAtMs),
      LastModifiedTime: epochSeconds(record.lastModifiedMs),
      EndpointStatus: statusAt(record, context.nowMs),
    })),
    NextToken: page.nextToken,
  };
};
