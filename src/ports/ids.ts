/** Chance, as the core may use it. */
export interface Ids {
  /** At least 96 random bits, hexadecimal. */
  random(): string;
  /** Uniform in [0, 1), for jitter. */
  fraction(): number;
}
