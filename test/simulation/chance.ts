/** Seeded chance (sfc32). Streams made with different labels are independent of each other. */
export interface Chance {
  /** Uniform in [0, 1). */
  next(): number;
  happens(probability: number): boolean;
  between(low: number, high: number): number;
  below(count: number): number;
  pick<T>(list: readonly T[]): T;
  /** Many small values, few large ones: uniform in the exponent. */
  spread(low: number, high: number): number;
  hex(digits: number): string;
}

export function createChance(seed: number, label: string): Chance {
  let a = 0x9e3779b9 ^ seed;
  let b = 0x243f6a88 ^ hashOf(label);
  let c = 0xb7e15162 ^ Math.floor(seed / 2 ** 32);
  let d = 1;

  function next32(): number {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  }
  // The first outputs still show the seed.
  for (let i = 0; i < 12; i++) next32();

  const next = () => next32() / 2 ** 32;
  return {
    next,
    happens: (probability) => next() < probability,
    between: (low, high) => low + next() * (high - low),
    below: (count) => Math.floor(next() * count),
    pick(list) {
      const item = list[Math.floor(next() * list.length)];
      if (item === undefined) throw new Error('Nothing to pick from.');
      return item;
    },
    spread: (low, high) => low * (high / low) ** next(),
    hex(digits) {
      let text = '';
      while (text.length < digits) text += next32().toString(16).padStart(8, '0');
      return text.slice(0, digits);
    },
  };
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
