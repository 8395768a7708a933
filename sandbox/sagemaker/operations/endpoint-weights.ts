import { beginChange, otherChange, refuseInProgress } from '../endpoint/begin-change.ts';
import type { Fleet, FleetVariant } from '../endpoint/endpoint-record.ts';
import { checkInstanceQuota, instancesOf } from '../endpoint/instance-quota.ts';
import type { Operation } from '../operation.ts';
import { validationException } from '../wire/aws-error.ts';
import { readInput } from '../wire/input-reader.ts';
import { entityName } from '../wire/name-rules.ts';
import { findEndpoint } from './endpoints.ts';

interface Wanted {
  readonly name: string;
  readonly weight: number | undefined;
  readonly count: number | undefined;
}

export const updateEndpointWeightsAndCapacities: Operation = (context, input) => {
  const read = readInput(input);
  const name = read.text('EndpointName', entityName);
  const wanted = read.list('DesiredWeightsAndCapacities', { required: true, min: 1 }).map(
    (item): Wanted => ({
      name: item.text('VariantName', entityName),
      weight: item.optionalNumber('DesiredWeight', { min: 0 }),
      count: item.optionalNumber('DesiredInstanceCount', { min: 0 }),
    }),
  );
  read.done();
  const record = findEndpoint(context, name);
  refuseInProgress(record);
  // The words of these three are ours.
  if (record.atRest === 'Failed')
    throw validationException(`Cannot update endpoint "${record.arn}" because its status is Failed.`);
  if (wanted.filter(({ count }) => count !== undefined).length > 1)
    throw validationException('The capacity of one variant can be changed at a time.');
  const unknown = wanted.find((item) => !record.live.variants.some((variant) => variant.name === item.name));
  if (unknown !== undefined)
    throw validationException(`Could not find variant "${unknown.name}" of endpoint "${record.arn}".`);

  const before = record.live;
  const target: Fleet = { ...before, variants: before.variants.map((variant) => asWanted(variant, wanted)) };
  const had = instancesOf(before);
  checkInstanceQuota(context, new Map([...instancesOf(target)].map(([type, n]) => [type, n - (had.get(type) ?? 0)])));
  const { weightsMs, scaleMs } = context.settings.durations;
  const nominalMs = wanted.some(({ count }) => count !== undefined) ? scaleMs : weightsMs;
  // What is desired shows at once, what is current only at the end.
  beginChange(context, { ...record, live: target }, otherChange(context, 'weights', target, nominalMs));
  return { EndpointArn: record.arn };
};

function asWanted(variant: FleetVariant, wanted: readonly Wanted[]): FleetVariant {
  const found = wanted.find((item) => item.name === variant.name);
  return {
    ...variant,
    desiredWeight: found?.weight ?? variant.desiredWeight,
    desiredInstanceCount: found?.count ?? variant.desiredInstanceCount,
  };
}
