import { expect, it } from 'vitest';
import { repeatEverything } from '../support/duplicates.ts';

it('has one effect each, however a command or a press is repeated, and by whichever replica it is taken', async () => {
  const results = await repeatEverything(14);
  expect(results).toHaveLength(7);
  for (const { kind, tries, delivered, acknowledged, once } of results) {
    expect({ kind, once, acknowledged }).toEqual({ kind, once: tries, acknowledged: delivered });
  }
});
