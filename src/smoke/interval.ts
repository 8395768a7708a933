/** Fewest samples of which the largest bounds p95 with 95 % confidence: 1 - 0.95^59 > 0.95. */
export const FEWEST_SAMPLES = 59;

/** Ranks in the sorted sample, counted from 1. */
export type RankInterval = { readonly low: number; readonly high: number };

/**
 * The two order statistics between which a quantile of the population lies with at least this confidence,
 * whatever the distribution. `undefined` where the sample is too small for any (for p95 at 95 %: below 59).
 *
 * The number B of samples at or below the quantile q is binomial (n, q), so the interval from rank `low` to rank
 * `high` misses it with probability P(B < low) + P(B >= high) (H. A. David, H. N. Nagaraja, Order Statistics,
 * section 7.1). Each tail gets half of what may be missed; in a small sample, where the upper tail needs more
 * than half even at the largest sample, the lower one gets the rest.
 */
export function quantileInterval(samples: number, quantile: number, confidence = 0.95): RankInterval | undefined {
  const missed = 1 - confidence;
  const tails = upperTails(samples, quantile);
  const tail = (rank: number) => tails[rank] ?? 0;
  if (samples < 1 || tail(samples) > missed) return undefined;

  let high = samples;
  while (high > 1 && tail(high - 1) <= missed / 2) high -= 1;
  const missedBelow = Math.min(missed / 2, missed - tail(high));
  let low = 0;
  while (low < high && 1 - tail(low + 1) <= missedBelow) low += 1;
  return low < 1 ? undefined : { low, high };
}

/** P(B >= k) for k = 0 … n, summed from the top; in logarithms, because q^n underflows for a large n. */
function upperTails(n: number, q: number): Float64Array {
  const tails = new Float64Array(n + 1);
  let logMass = n * Math.log(q);
  let sum = 0;
  for (let k = n; k >= 0; k -= 1) {
    sum += Math.exp(logMass);
    tails[k] = Math.min(1, sum);
    logMass += Math.log(k / (n - k + 1)) + Math.log((1 - q) / q);
  }
  return tails;
}
