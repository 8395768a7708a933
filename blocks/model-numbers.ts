/** The numbers among what was registered with a package; where reports lie is no number. */
export function numbersAmong(metrics: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(metrics).filter(([, value]) => /^-?[\d.]+%?$/.test(value));
}
