import type { Rendered } from '../src/ports/channel.ts';
import type { Check } from '../src/verify-live/check.ts';
import { blocksOf, type Cell, header, paragraph, table } from './block.ts';
import { fallbackText, type Line, text } from './inline.ts';
import { firstOf, PIECES } from './limits.ts';

const MARK: Readonly<Record<Check['status'], string>> = { ok: '✓', different: '✗ different', unknown: '? unknown' };

/** Whether what runs equals the record: what is not in order first and in words, then every check in a table. */
export function verification(service: string, checks: readonly Check[]): Rendered {
  const wrong = checks.filter((check) => check.status !== 'ok');
  const counts = `${checks.length - wrong.length} of ${checks.length} in order`;
  const title = `${service}: ${wrong.length === 0 ? 'as the record says' : 'not as the record says'}`;
  const { shown, more } = firstOf(wrong, PIECES.listed);
  const complaints: Line[] = shown.map((check) => [
    text(`${nameOf(check)}: expected ${check.expected}, found ${check.found}. ${check.todo ?? ''}`, PIECES.reason),
  ]);
  const rest: Line[] = more === 0 ? [] : [[text(`… +${more}`)]];
  const lines: readonly Line[] = [[text(counts)], ...complaints, ...rest];
  const rows = checks.map((check): Cell[] => [MARK[check.status], nameOf(check), check.found]);
  return {
    text: fallbackText([[text(title)], ...lines]),
    blocks: blocksOf(
      header(title),
      paragraph(lines),
      table([{ title: 'Result' }, { title: 'What' }, { title: 'Found' }], rows),
    ),
  };
}

function nameOf(check: Check): string {
  return check.environment === null ? check.name : `${check.environment} ${check.name}`;
}
