/** SageMaker's rate limits are not published; this many reads at the same time never met one of the emulator's. */
const AT_ONCE = 4;

/** Like `Promise.all` of a map, a few at a time, in order. */
export async function mapFew<T, R>(items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let next = 0; next < items.length; next += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(next, next + AT_ONCE).map(map))));
  }
  return results;
}
