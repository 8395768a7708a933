import type { EndpointRecord } from './endpoint-record.ts';

/** How many earlier records of one endpoint are kept for describes that lag. */
const KEPT_RECORDS = 64;

export interface EndpointHistory {
  /** Notes every endpoint whose record is another one than last noted, as valid from this instant on. */
  note(endpoints: ReadonlyMap<string, EndpointRecord>, fromMs: number): void;
  /** The record that was valid at an instant; `undefined` when there was no endpoint then. */
  asOf(name: string, atMs: number): EndpointRecord | undefined;
}

interface Version {
  readonly fromMs: number;
  readonly record: EndpointRecord | undefined;
}

/** A history that begins with the endpoints as they are now, valid since ever. In memory only. */
export function createEndpointHistory(present: ReadonlyMap<string, EndpointRecord>): EndpointHistory {
  const versions = new Map<string, Version[]>();
  const note = (endpoints: ReadonlyMap<string, EndpointRecord>, fromMs: number) => {
    for (const name of new Set([...versions.keys(), ...endpoints.keys()])) {
      const known = versions.get(name) ?? [];
      const record = endpoints.get(name);
      if (known.at(-1)?.record === record) continue;
      versions.set(name, [...known, { fromMs, record }].slice(-KEPT_RECORDS));
    }
  };
  note(present, Number.NEGATIVE_INFINITY);
  return {
    note,
    asOf: (name, atMs) => versions.get(name.toLowerCase())?.findLast(({ fromMs }) => fromMs <= atMs)?.record,
  };
}
