import { collectEvidence } from '../../src/evidence/collect.ts';
import type { EvidenceDocument } from '../../src/evidence/document.ts';
import { exportEvidence } from '../../src/evidence/export.ts';
import type { StoredEntry } from '../../src/ports/log-store.ts';
import type { Story } from './story.ts';
import { storedOf, storeOf } from './told-store.ts';

/** The file of evidence from entries as they would stand in the table. */
export async function exported(stored: readonly StoredEntry[], id: string): Promise<EvidenceDocument> {
  const collecting = await collectEvidence(storeOf(stored), 'survival', id);
  if (collecting.kind !== 'found') throw new Error(`${id}: ${JSON.stringify(collecting)}`);
  return exportEvidence(collecting.collected);
}

/** The file of evidence from a story. */
export function evidenceOf(told: Story, id: string): Promise<EvidenceDocument> {
  return exported(storedOf(told), id);
}
