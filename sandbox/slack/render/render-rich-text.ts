import { type JsonObject, objectsOf } from '../json.ts';
import type { NameOf } from './render-mrkdwn.ts';

/** A rich_text block as lines. Its text is literal: nothing in it is markup. */
export function renderRichText(block: JsonObject, nameOf: NameOf): string[] {
  return objectsOf(block.elements).flatMap((part) => {
    if (part.type === 'rich_text_list') return listLines(part, nameOf);
    const lines = inline(part, nameOf).split('\n');
    return part.type === 'rich_text_quote' ? lines.map((line) => `> ${line}`) : lines;
  });
}

function listLines(list: JsonObject, nameOf: NameOf): string[] {
  const indent = '  '.repeat(Number(list.indent ?? 0));
  const first = Number(list.offset ?? 0) + 1;
  return objectsOf(list.elements).map((item, index) => {
    const mark = list.style === 'ordered' ? `${first + index}.` : '•';
    return `${indent}${mark} ${inline(item, nameOf)}`;
  });
}

function inline(section: JsonObject, nameOf: NameOf): string {
  return objectsOf(section.elements)
    .map((element) => inlinePart(element, nameOf))
    .join('');
}

function inlinePart(element: JsonObject, nameOf: NameOf): string {
  switch (element.type) {
    case 'link':
      return element.text === undefined ? String(element.url) : `${element.text} (${element.url})`;
    case 'user':
      return `@${nameOf(String(element.user_id)) ?? element.user_id}`;
    case 'usergroup':
      return `@${nameOf(String(element.usergroup_id)) ?? element.usergroup_id}`;
    case 'channel':
      return `#${nameOf(String(element.channel_id)) ?? element.channel_id}`;
    case 'broadcast':
      return `@${element.range}`;
    case 'emoji':
      return `:${element.name}:`;
    case 'date':
      return String(element.fallback ?? element.timestamp);
    default:
      return String(element.text ?? element.value ?? '');
  }
}
