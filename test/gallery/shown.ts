import { isJsonObject, type JsonObject, objectsOf } from '../../sandbox/slack/json.ts';
import type { Rendered } from '../../src/ports/channel.ts';

/** Whom the ids of the gallery stand for. */
const NAMES: Readonly<Record<string, string>> = {
  U0OPERATOR: '@olivia',
  U0ALICE: '@alice',
  U0ADAM: '@adam',
  U0BOTH: '@bea',
  U0RUTH: '@ruth',
  U0ANNA: '@anna',
  S0APPROVERS: '@approvers',
};

/** A message as plain text: what a reader of the channel sees of its blocks, from top to bottom. */
export function shown(rendered: Rendered): string {
  return blocksShown(rendered.blocks);
}

/** The same for the blocks of a form. */
export function blocksShown(blocks: readonly object[]): string {
  const plain: unknown = JSON.parse(JSON.stringify(blocks));
  return objectsOf(plain).map(blockShown).join('\n');
}

function blockShown(block: JsonObject): string {
  switch (block.type) {
    case 'header':
      return `# ${textOf(block.text)}`;
    case 'divider':
      return '────';
    case 'section':
      return named(textOf(block.text));
    case 'rich_text':
      return objectsOf(block.elements).map(richShown).join('\n');
    case 'context':
      return `(${objectsOf(block.elements).map(textOf).join(' ')})`;
    case 'table':
      return tableShown(block);
    case 'data_visualization':
      return chartShown(block);
    case 'actions':
      return objectsOf(block.elements).map(buttonShown).join('\n');
    case 'input':
      return [textOf(block.label), '[                    ]', textOf(block.hint)].join('\n');
    default:
      throw new Error(`The gallery cannot show a block of type ${String(block.type)}`);
  }
}

function richShown(section: JsonObject): string {
  return objectsOf(section.elements).map(elementShown).join('');
}

function elementShown(element: JsonObject): string {
  switch (element.type) {
    case 'text':
      return isJsonObject(element.style) && element.style.code === true
        ? `\`${String(element.text)}\``
        : String(element.text);
    case 'user':
      return nameOf(String(element.user_id));
    case 'date':
      return String(element.fallback);
    case 'link':
      return `${String(element.text)} <${String(element.url)}>`;
    default:
      throw new Error(`The gallery cannot show an element of type ${String(element.type)}`);
  }
}

function tableShown({ rows }: JsonObject): string {
  const cells = (Array.isArray(rows) ? rows : []).map((row) => objectsOf(row).map(cellShown));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells
    .map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`)
    .join('\n');
}

/** `{ chart: title; series p10 9.1, p50 12 }`, a line for each series. */
function chartShown({ title, chart }: JsonObject): string {
  const { type, series } = isJsonObject(chart) ? chart : {};
  const lines = objectsOf(series).map(({ name, data }) => {
    const points = objectsOf(data).map(({ label, value }) => `${String(label)} ${String(value)}`);
    return `  ${String(name)}: ${points.join(', ')}`;
  });
  return [`{ ${String(title)}, ${String(type)} chart in ms }`, ...lines].join('\n');
}

function cellShown(cell: JsonObject): string {
  return cell.type === 'raw_text' ? String(cell.text) : objectsOf(cell.elements).map(richShown).join('');
}

function buttonShown({ text, confirm }: JsonObject): string {
  const button = `[ ${textOf(text)} ]`;
  if (!isJsonObject(confirm)) return button;
  const { title, text: question, confirm: yes, deny } = confirm;
  return `${button}   asks: ${textOf(title)} ${textOf(question)} [ ${textOf(yes)} ] [ ${textOf(deny)} ]`;
}

function textOf(value: unknown): string {
  return isJsonObject(value) ? String(value.text) : '';
}

function named(mrkdwn: string): string {
  return mrkdwn.replaceAll(/<[@!](?:subteam\^)?([A-Z0-9]+)>/g, (_, id: string) => nameOf(id));
}

function nameOf(id: string): string {
  const name = NAMES[id];
  if (name === undefined) throw new Error(`The gallery has no name for ${id}`);
  return name;
}
