import { collectEvidence } from './evidence/collect.ts';
import { evidenceText, exportEvidence } from './evidence/export.ts';
import type { LogStore } from './ports/log-store.ts';
import { known, type Reading, unknown } from './rollout/observation.ts';

/** The file of evidence as the command line writes it, byte for byte. Never throws. */
export async function evidenceFile(
  store: Pick<LogStore, 'after' | 'read'>,
  service: string,
  id: string,
): Promise<Reading<string>> {
  try {
    const collecting = await collectEvidence(store, service, id);
    if (collecting.kind === 'found') return known(evidenceText(exportEvidence(collecting.collected)));
    return unknown(collecting.kind === 'none' ? 'nothing in the record has this id' : 'the record is not whole');
  } catch (error) {
    return unknown(error instanceof Error ? error.message : String(error));
  }
}
