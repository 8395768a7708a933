import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { Pointer } from '../ports/pointer-store.ts';

/** How the pointer stands in the table. The bot writes it, the inference API reads it, and nothing else of the table. */
export type PointerItem = Record<string, AttributeValue>;

/** A partition of its own, so that whoever may read the pointer can be kept from reading the record. */
export function pointerKey(service: string): { pk: AttributeValue; sk: AttributeValue } {
  return { pk: { S: `pointer#${service}` }, sk: { S: 'prod' } };
}

export function pointerItem(service: string, pointer: Pointer): PointerItem {
  const { seq, endpointName, configName, version, at } = pointer;
  return {
    ...pointerKey(service),
    seq: { N: String(seq) },
    endpoint: { S: endpointName },
    config: { S: configName },
    version: version === null ? { NULL: true } : { N: String(version) },
    at: { S: at },
  };
}

const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

const shape = z.object({
  seq: z.number().int().positive(),
  endpointName: z.string().regex(NAME),
  configName: z.string().regex(NAME),
  version: z.number().int().positive().nullable(),
  at: z.iso.datetime(),
});

/** Throws where the item is not one that titanic wrote: predictions never go where something else says. */
export function pointerFrom(item: PointerItem): Pointer {
  const read = shape.safeParse({
    seq: Number(item.seq?.N),
    endpointName: item.endpoint?.S,
    configName: item.config?.S,
    version: item.version?.NULL === true ? null : Number(item.version?.N),
    at: item.at?.S,
  });
  if (read.success) return read.data;
  const fields = read.error.issues.map(({ path }) => String(path[0]));
  throw new Error(`the pointer is malformed: ${[...new Set(fields)].join(', ')}`);
}
