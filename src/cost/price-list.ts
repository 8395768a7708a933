import { z } from 'zod';
import table from './price-table.json' with { type: 'json' };
import type { OwnPrices, Prices } from './prices.ts';

/** A price that somebody published: what one instance for a real-time endpoint costs an hour. */
export type ListedPrice = z.output<typeof entry>;

const entry = z.strictObject({
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
  instanceType: z.string().regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/),
  perHour: z.number().positive(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** When it was read, or the last day that it was billed for. */
  date: z.iso.date(),
  source: z.string().min(1).max(120),
  address: z.url({ protocol: /^https$/ }),
});

/**
 * `price-table.json`. It has only what somebody can look up where it says: prices differ by region and change, and a
 * guess would be believed. Throws where an entry lacks something, which is a fault of the program.
 */
export const PRICE_LIST: readonly ListedPrice[] = z.array(entry).parse(table);

/**
 * The prices that count in a region: the user's own, and for what these do not name the published ones in the same
 * currency. `region` null: it is not known, so no published price counts. null: there is none at all.
 */
export function pricesIn(
  region: string | null,
  own: OwnPrices | undefined,
  list: readonly ListedPrice[] = PRICE_LIST,
): Prices | null {
  const here = list.filter((one) => one.region === region);
  const currency = own?.currency ?? here[0]?.currency;
  if (currency === undefined) return null;
  const listed = here.filter(
    (one) => one.currency === currency && !Object.hasOwn(own?.perInstanceHour ?? {}, one.instanceType),
  );
  return {
    currency,
    perInstanceHour: {
      ...Object.fromEntries(listed.map(({ instanceType, perHour }) => [instanceType, perHour])),
      ...own?.perInstanceHour,
    },
    listed: Object.fromEntries(listed.map(({ instanceType, source, date }) => [instanceType, { source, date }])),
    ...(own?.asOf === undefined ? {} : { asOf: own.asOf }),
  };
}
