import { isJsonObject, type Json, type JsonObject, objectsOf } from './json.ts';
import { renderElement, renderInput } from './render/render-element.ts';
import { type NameOf, renderMrkdwn } from './render/render-mrkdwn.ts';
import { renderRichText } from './render/render-rich-text.ts';
import { renderChart, renderTable } from './render/render-table.ts';

export type { NameOf } from './render/render-mrkdwn.ts';

/**
 * A message or view in plain words, as its reader sees it, for transcripts and assertions.
 * Blocks are shown where there are any, else the text.
 */
export function renderText(
  message: { text?: string; blocks?: JsonObject[] },
  nameOf: NameOf = () => undefined,
): string {
  const blocks = message.blocks ?? [];
  if (blocks.length === 0) return renderMrkdwn(message.text ?? '', nameOf);
  return blocks.flatMap((block) => renderBlock(block, nameOf)).join('\n');
}

function renderBlock(block: JsonObject, nameOf: NameOf): string[] {
  switch (block.type) {
    case 'header':
      return [`# ${textObject(block.text, nameOf)}`];
    case 'section':
      return sectionLines(block, nameOf);
    case 'context':
      return [
        objectsOf(block.elements)
          .map((part) => contextPart(part, nameOf))
          .join('  '),
      ];
    case 'actions':
    case 'context_actions':
      return [objectsOf(block.elements).map(renderElement).join(' ')];
    case 'divider':
      return ['─'.repeat(20)];
    case 'image':
      return [`[image: ${block.alt_text}]`];
    case 'input':
      return [`${textObject(block.label, nameOf)}: ${isJsonObject(block.element) ? renderInput(block.element) : ''}`];
    case 'rich_text':
      return renderRichText(block, nameOf);
    case 'table':
    case 'data_table':
      return renderTable(block, nameOf);
    case 'data_visualization':
      return renderChart(block);
    case 'markdown':
      return String(block.text).split('\n');
    case 'alert':
      return [`! ${textObject(block.text, nameOf)}`];
    case 'card':
      return [block.title, block.subtitle, block.body]
        .filter((part) => part !== undefined)
        .map((part) => textObject(part, nameOf))
        .concat(objectsOf(block.actions).map(renderElement).join(' ') || []);
    case 'carousel':
      return objectsOf(block.elements).flatMap((card) => renderBlock(card, nameOf));
    case 'container':
      return [
        textObject(block.title, nameOf),
        ...objectsOf(block.child_blocks).flatMap((child) => renderBlock(child, nameOf)),
      ];
    default:
      // An unknown block must be seen to be missing.
      return [`[${String(block.type)} block]`];
  }
}

/** Plain text is literal; only mrkdwn has markup. */
function textObject(value: Json | undefined, nameOf: NameOf): string {
  if (!isJsonObject(value)) return '';
  const text = String(value.text ?? '');
  return value.type === 'mrkdwn' ? renderMrkdwn(text, nameOf) : text;
}

function contextPart(part: JsonObject, nameOf: NameOf): string {
  return part.type === 'image' ? `[image: ${part.alt_text}]` : textObject(part, nameOf);
}

function sectionLines(block: JsonObject, nameOf: NameOf): string[] {
  const text = block.text === undefined ? [] : textObject(block.text, nameOf).split('\n');
  const fields = objectsOf(block.fields).map((field) => fieldLine(textObject(field, nameOf)));
  const accessory = isJsonObject(block.accessory) ? [renderElement(block.accessory)] : [];
  return [...text, ...fields, ...accessory];
}

/** A field is mostly a bold name over a value: shown as `name: value`. */
function fieldLine(text: string): string {
  const [name, ...rest] = text.split('\n');
  return rest.length === 0 ? text : `${name?.replace(/:$/, '')}: ${rest.join(' ')}`;
}
