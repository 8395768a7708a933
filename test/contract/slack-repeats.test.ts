import { expect, it } from 'vitest';
import { repeatEverything } from '../support/duplicates.ts';

it('has one effect each, however a command or a press is repeated, and by whichever replica it is taken', {
  timeout: 60_000,
}, async () => {
  const results = await repeatEverything(14);
  expect(results).toHaveLength(7);
  for (const { kind, tries, acknowledged, once, others } of results) {
    expect({ kind, once, others }).toEqual({ kind, once: tries, others: [] });
    expect(acknowledged).toBeGreaterThan(0);
  }
});
