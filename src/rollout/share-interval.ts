/** Bounds of a share, 0 to 1; of a difference of shares, -1 to 1. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** So many of so many. */
export interface Share {
  readonly hits: number;
  readonly of: number;
}

/**
 * Wilson's score interval for a share, which stays sensible for few samples and for none that hit (E. B. Wilson,
 * Probable Inference, JASA 22, 1927). `z`: how many standard deviations of the normal distribution; 1.96 is 95 %.
 * `of` must be above 0.
 */
export function shareBounds({ hits, of }: Share, z: number): Bounds {
  const share = hits / of;
  const centre = (share + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/**
 * By how much one share is above another: the hybrid score interval made of both Wilson intervals (R. G. Newcombe,
 * Interval estimation for the difference between independent proportions, Statistics in Medicine 17, 1998, method 10).
 */
export function differenceBounds(a: Share, b: Share, z: number): Bounds {
  const shareA = a.hits / a.of;
  const shareB = b.hits / b.of;
  const boundsA = shareBounds(a, z);
  const boundsB = shareBounds(b, z);
  const difference = shareA - shareB;
  return {
    low: difference - Math.hypot(shareA - boundsA.low, boundsB.high - shareB),
    high: difference + Math.hypot(boundsA.high - shareA, shareB - boundsB.low),
  };
}
