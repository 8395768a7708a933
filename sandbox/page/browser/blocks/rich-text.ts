import type { VNode } from 'preact';
import type { JsonObject } from '../../wire.ts';
import { html } from '../html.ts';
import { emojiOf } from '../text/emoji.ts';
import { objectOf, objectsOf, wordsOf } from '../text/json.ts';
import { Broadcast, Link, Mention, Moment } from './inline-parts.ts';
import { UnknownPart } from './unknown-part.ts';

/** A rich_text block or cell. Its text is literal: nothing in it is markup. */
export function RichText({ block }: { readonly block: JsonObject }): VNode {
  return html`<div class="rich-text">${objectsOf(block.elements).map(part)}</div>`;
}

function part(element: JsonObject): VNode {
  const inside = objectsOf(element.elements);
  switch (element.type) {
    case 'rich_text_section':
      return html`<p>${inside.map(inline)}</p>`;
    case 'rich_text_quote':
      return html`<blockquote>${inside.map(inline)}</blockquote>`;
    case 'rich_text_preformatted':
      return html`<pre tabindex="0">${inside.map(inline)}</pre>`;
    case 'rich_text_list':
      return list(element);
    default:
      return html`<${UnknownPart} what="Rich text" part=${element} />`;
  }
}

function list(element: JsonObject): VNode {
  const items = objectsOf(element.elements).map((item) => html`<li>${objectsOf(item.elements).map(inline)}</li>`);
  const indent = `indent-${Math.min(8, Math.max(0, Number(element.indent ?? 0)))}`;
  return element.style === 'ordered'
    ? html`<ol class=${indent} start=${Number(element.offset ?? 0) + 1}>${items}</ol>`
    : html`<ul class=${indent}>${items}</ul>`;
}

function inline(element: JsonObject): VNode | string {
  return styled(element, content(element));
}

function content(element: JsonObject): VNode | string {
  switch (element.type) {
    case 'text':
      return wordsOf(element.text);
    case 'link':
      return html`<${Link} url=${wordsOf(element.url)} text=${wordsOf(element.text) || wordsOf(element.url)} />`;
    case 'user':
      return html`<${Mention} kind="person" id=${wordsOf(element.user_id)} />`;
    case 'usergroup':
      return html`<${Mention} kind="group" id=${wordsOf(element.usergroup_id)} />`;
    case 'channel':
      return html`<${Mention} kind="channel" id=${wordsOf(element.channel_id)} />`;
    case 'broadcast':
      return html`<${Broadcast} range=${wordsOf(element.range)} />`;
    case 'emoji':
      return emojiOf(wordsOf(element.name));
    case 'color':
      return html`<code>${wordsOf(element.value)}</code>`;
    case 'team':
      return html`<span class="mention">${wordsOf(element.team_id)}</span>`;
    case 'date':
      return html`<${Moment}
        seconds=${Number(element.timestamp)}
        format=${wordsOf(element.format)}
        fallback=${wordsOf(element.fallback)}
        url=${element.url}
      />`;
    default:
      return html`<${UnknownPart} what="Text element" part=${element} />`;
  }
}

function styled(element: JsonObject, inner: VNode | string): VNode | string {
  const style = objectOf(element.style);
  let out = inner;
  if (style.code === true) out = html`<code>${out}</code>`;
  if (style.bold === true) out = html`<strong>${out}</strong>`;
  if (style.italic === true) out = html`<em>${out}</em>`;
  if (style.strike === true) out = html`<del>${out}</del>`;
  if (style.underline === true) out = html`<u>${out}</u>`;
  if (style.highlight === true || style.client_highlight === true) out = html`<mark>${out}</mark>`;
  return out;
}
