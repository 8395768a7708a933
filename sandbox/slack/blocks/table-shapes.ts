import { isJsonObject, type Json, objectsOf } from '../json.ts';
import {
  anything,
  boolean,
  byType,
  type Check,
  list,
  number,
  oneOf,
  optional,
  type Report,
  required,
  shape,
  string,
} from './checks.ts';
import { BLOCK_LIMITS as MAX } from './limits.ts';
import { richTextBlock } from './rich-text-shape.ts';

const type = required(anything);
const rawText = shape({ type, text: required(string(MAX.tableCharacters)) });
const rawNumber = shape({ type, value: required(number()), text: required(string(100)) });
const cell = byType({ raw_text: rawText, raw_number: rawNumber, rich_text: richTextBlock });

/** All characters a reader sees in a cell; ids, types and styles do not count. */
export function cellCharacters(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, entry: Json) => sum + cellCharacters(entry), 0);
  if (!isJsonObject(value)) return 0;
  const own = typeof value.text === 'string' ? value.text.length : 0;
  return own + cellCharacters(value.elements);
}

const rowsOf = (value: { rows?: unknown }): unknown[][] =>
  Array.isArray(value.rows) ? value.rows.filter(Array.isArray) : [];

function totalCharacters(rows: unknown[][], max: number, at: string, report: Report): void {
  if (rows.reduce((sum, row) => sum + cellCharacters(row), 0) > max) {
    report(`${at}/rows`, `must be less than ${max + 1} characters in all cells together`);
  }
}

export const tableBlock: Check = shape(
  {
    type,
    block_id: optional(string(MAX.idLength)),
    rows: required(list(list(cell, 1, MAX.tableColumns), 1, MAX.tableRows)),
    column_settings: optional(
      list(
        shape({ align: optional(oneOf(['left', 'center', 'right'])), is_wrapped: optional(boolean) }),
        1,
        MAX.tableColumns,
      ),
    ),
  },
  (value, at, report) => {
    totalCharacters(rowsOf(value), MAX.tableCharacters, at, report);
  },
);

export const dataTableBlock: Check = shape(
  {
    type,
    block_id: optional(string(MAX.idLength)),
    caption: required(string(MAX.imageText)),
    rows: required(list(list(cell, 1, MAX.tableColumns), 2, MAX.dataTableRows)),
    page_size: optional(number(1, MAX.dataTablePageSize)),
    row_header_column_index: optional(number(0, MAX.tableColumns - 1)),
  },
  (value, at, report) => {
    const rows = rowsOf(value);
    const width = rows[0]?.length ?? 0;
    rows.forEach((row, index) => {
      if (row.length !== width) report(`${at}/rows/${index}`, 'must have as many cells as the first row');
    });
    if (objectsOf(rows[0]).some((header) => header.type === 'rich_text')) {
      report(`${at}/rows/0`, 'header cells must not be rich_text');
    }
    totalCharacters(rows, MAX.dataTableCharacters, at, report);
  },
);
