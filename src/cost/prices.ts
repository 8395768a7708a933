/** What one instance costs an hour, by its type. */
export interface Prices {
  /** Three letters, such as USD. */
  readonly currency: string;
  readonly perInstanceHour: Readonly<Record<string, number>>;
  /** Where the published ones are from; a type that is not here has the user's own price. */
  readonly listed?: Readonly<Record<string, PriceSource>>;
  /** Of when the user's own are (ISO 8601 date); absent: they do not say. */
  readonly asOf?: string;
}

/** What `titanic.yml` says. */
export type OwnPrices = Pick<Prices, 'currency' | 'perInstanceHour' | 'asOf'>;

export interface PriceSource {
  readonly source: string;
  /** ISO 8601 date. */
  readonly date: string;
}

/** AWS's own month: 24 hours on 365 days, by twelve. */
export const HOURS_PER_MONTH = 730;

/** What one instance of a type costs an hour; null: it is not known. */
export function priceOf(instanceType: string, { perInstanceHour }: Pick<Prices, 'perInstanceHour'>): number | null {
  return Object.hasOwn(perInstanceHour, instanceType) ? (perInstanceHour[instanceType] ?? null) : null;
}

/** At least two places, and as many as four where the price has them. */
export function amount(cost: number): string {
  return cost.toFixed(4).replace(/0{1,2}$/, '');
}

/** Of what runs all the time: a month of an hour's price, to the hundredth. */
export function monthly(perHour: number): string {
  return (perHour * HOURS_PER_MONTH).toFixed(2);
}

/** `titanic.yml (2026-11-01)`, each source once, in the order of the types. */
export function sourcesOf(instanceTypes: readonly string[], prices: Prices): readonly string[] {
  const known = instanceTypes.filter((type) => priceOf(type, prices) !== null);
  const words = known.map((type) => {
    const listed = prices.listed?.[type];
    if (listed !== undefined) return `${listed.source} (${listed.date})`;
    return prices.asOf === undefined ? 'titanic.yml' : `titanic.yml (${prices.asOf})`;
  });
  return [...new Set(words)];
}
