import type { VNode } from 'preact';
import type { Json, JsonObject } from '../../wire.ts';
import { html } from '../html.ts';
import { isObject, listOf, objectsOf, wordsOf } from '../text/json.ts';
import { RichText } from './rich-text.ts';
import { UnknownPart } from './unknown-part.ts';

/** A table or data_table; the first row is its head. */
export function Table({ block }: { readonly block: JsonObject }): VNode {
  const rows = listOf(block.rows).map(listOf);
  const [head = [], ...body] = rows;
  const settings = listOf(block.column_settings);
  const rowHeader = typeof block.row_header_column_index === 'number' ? block.row_header_column_index : -1;
  const kind = (column: number) => columnClass(settings[column]);
  const caption = wordsOf(block.caption);
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${caption || 'Table'}>
    <table>
      ${caption !== '' && html`<caption>${caption}</caption>`}
      <thead>
        <tr>
          ${head.map((cell, column) => html`<th scope="col" class=${kind(column)}>${cellOf(cell)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${body.map(
          (row) => html`<tr>
            ${row.map((cell, column) =>
              column === rowHeader
                ? html`<th scope="row" class=${kind(column)}>${cellOf(cell)}</th>`
                : html`<td class=${kind(column)}>${cellOf(cell)}</td>`,
            )}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function columnClass(setting: Json | undefined): string {
  if (!isObject(setting)) return '';
  return `align-${wordsOf(setting.align) || 'left'}${setting.is_wrapped === true ? ' is-wrapped' : ''}`;
}

function cellOf(cell: Json): VNode | string {
  if (!isObject(cell)) return wordsOf(cell);
  switch (cell.type) {
    case 'raw_text':
    case 'raw_number':
      return wordsOf(cell.text);
    case 'rich_text':
      return objectsOf(cell.elements).length === 0 ? '' : html`<${RichText} block=${cell} />`;
    default:
      return html`<${UnknownPart} what="Cell" part=${cell} />`;
  }
}
