import type { Readiness, TableCheck, Trouble } from './ports/readiness.ts';
import type { Prerequisites } from './prerequisites.ts';
import type { Engine } from './rollout/engine.ts';
import type { Break } from './rollout/entry.ts';

/** Readiness of all that is not Slack's sockets: without the record every command would be refused. */
export async function readiness(deps: {
  readonly checkTable: () => Promise<TableCheck>;
  readonly engine: Pick<Engine, 'troubles' | 'breaks'>;
  readonly prerequisites: Pick<Prerequisites, 'missing'>;
}): Promise<Readiness> {
  const table = await deps.checkTable();
  if (table.kind === 'problem') return { ok: false, detail: tableWords(table), trouble: ['table-unusable'] };
  const [trouble] = deps.engine.troubles();
  if (trouble !== undefined) {
    const detail = `the record of ${trouble.service}: ${trouble.why}`;
    return { ok: false, detail, trouble: ['record-unusable'] };
  }
  const missing = deps.prerequisites.missing().map((words): Warning => ({ words, trouble: 'something-missing' }));
  const warnings = [...recordWarnings(deps.engine.breaks()), ...missing];
  const words = warnings.map((warning) => warning.words);
  const detail = words.length === 0 ? 'ready' : `ready, but ${words.join(' ')}`;
  return { ok: true, detail, trouble: [...new Set(warnings.map((warning) => warning.trouble))] };
}

/** What is wrong with the table, and what to do. */
export function tableWords({ why, todo }: Extract<TableCheck, { kind: 'problem' }>): string {
  return `${why}: ${todo}.`;
}

interface Warning {
  readonly words: string;
  readonly trouble: Trouble;
}

/** What keeps a service from being changed, though its record can be read. */
function recordWarnings(breaks: Readonly<Record<string, Break | null>>): readonly Warning[] {
  return Object.entries(breaks).flatMap(([service, found]): readonly Warning[] => {
    if (found === null) return [];
    const { seq } = found;
    if (found.kind === 'broken') {
      return [{ words: `the record of ${service} is not whole from entry ${seq} on.`, trouble: 'record-not-whole' }];
    }
    const words = `a newer titanic wrote entry ${seq} of ${service}: this replica stays passive, update it.`;
    return [{ words, trouble: 'record-newer' }];
  });
}
