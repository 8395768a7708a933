import { describe, expect, test } from 'vitest';
import { lastHunt } from './hunt.ts';
import { MUTANTS } from './mutants.ts';
import { mutantsTable, tableInDocument } from './mutants-table.ts';

describe('the last hunt for mutants', () => {
  const found = lastHunt();

  test('was for the mutants that there are', () => {
    expect(Object.keys(found)).toEqual(MUTANTS.map((m) => m.name));
  });

  test('caught every mutant that is not a second line of defence, and none that is', () => {
    const survived = MUTANTS.filter((m) => m.coveredBy === undefined && found[m.name]?.firstSeed == null);
    expect(survived.map((m) => m.name)).toEqual([]);
    const caught = MUTANTS.filter((m) => m.coveredBy !== undefined && found[m.name]?.firstSeed != null);
    expect(caught.map((m) => m.name)).toEqual([]);
  });

  test('is what the documentation shows', () => {
    expect(tableInDocument()).toBe(mutantsTable(found));
  });
});
