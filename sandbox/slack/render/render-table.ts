import { isJsonObject, type JsonObject, objectsOf } from '../json.ts';
import type { NameOf } from './render-mrkdwn.ts';
import { renderRichText } from './render-rich-text.ts';

/** A table or data_table with its columns in line, aligned as its settings say. */
export function renderTable(block: JsonObject, nameOf: NameOf): string[] {
  const rows = (Array.isArray(block.rows) ? block.rows : []).map((row) =>
    objectsOf(row).map((cell) => cellText(cell, nameOf)),
  );
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => [...(row[column] ?? '')].length)),
  );
  const settings = Array.isArray(block.column_settings) ? block.column_settings : [];
  const lines = rows.map((row) =>
    widths
      .map((width, column) => {
        const setting = settings[column];
        return align(row[column] ?? '', width, isJsonObject(setting) ? setting.align : undefined);
      })
      .join('  ')
      .trimEnd(),
  );
  return block.caption === undefined ? lines : [String(block.caption), ...lines];
}

function cellText(cell: JsonObject, nameOf: NameOf): string {
  return cell.type === 'rich_text' ? renderRichText(cell, nameOf).join(' ') : String(cell.text ?? '');
}

function align(text: string, width: number, how: unknown): string {
  const free = width - [...text].length;
  if (how === 'right') return ' '.repeat(free) + text;
  if (how === 'center') return ' '.repeat(Math.floor(free / 2)) + text + ' '.repeat(Math.ceil(free / 2));
  return text + ' '.repeat(free);
}

/** A chart as one line for each series. */
export function renderChart(block: JsonObject): string[] {
  const chart = isJsonObject(block.chart) ? block.chart : {};
  const points = (list: unknown) =>
    objectsOf(list)
      .map((point) => `${point.label} ${point.value}`)
      .join(', ');
  const series = objectsOf(chart.series).map((one) => `  ${one.name}: ${points(one.data)}`);
  const segments = chart.segments === undefined ? [] : [`  ${points(chart.segments)}`];
  return [`[${chart.type} chart] ${block.title}`, ...series, ...segments];
}
