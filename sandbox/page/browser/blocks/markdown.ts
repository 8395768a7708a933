import type { VNode } from 'preact';
import { html } from '../html.ts';
import { Link } from './inline-parts.ts';

/** A markdown block: headings, lists, quotes, code, emphasis and links; whatever else stays as it was written. */
export function Markdown({ text }: { readonly text: string }): VNode {
  return html`<div class="markdown">${paragraphs(text)}</div>`;
}

function paragraphs(text: string): readonly VNode[] {
  return text.split(/(```[\s\S]*?```)/).flatMap((part) => {
    if (part.startsWith('```')) {
      return [html`<pre tabindex="0">${part.slice(3, -3).replace(/^[a-z]*\n/, '')}</pre>`];
    }
    return part
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(lineOf);
  });
}

function lineOf(line: string): VNode {
  const heading = /^#{1,6}\s+(.*)/.exec(line);
  if (heading !== null) return html`<p><strong>${inline(heading[1] ?? '')}</strong></p>`;
  const item = /^\s*(?:[-*+]|(\d+)\.)\s+(.*)/.exec(line);
  if (item !== null)
    return html`<p class="markdown-item">${item[1] === undefined ? '•' : `${item[1]}.`} ${inline(item[2] ?? '')}</p>`;
  const quote = /^>\s?(.*)/.exec(line);
  if (quote !== null) return html`<blockquote>${inline(quote[1] ?? '')}</blockquote>`;
  return html`<p>${inline(line)}</p>`;
}

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|_([^_]+)_|~~([^~]+)~~|\[([^\]]+)\]\(([^)\s]+)\)/g;

function inline(text: string): readonly (VNode | string)[] {
  const out: (VNode | string)[] = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, bold, starred, underlined, struck, label, url] = match;
    out.push(text.slice(at, match.index));
    at = match.index + whole.length;
    if (code !== undefined) out.push(html`<code>${code}</code>`);
    else if (bold !== undefined) out.push(html`<strong>${bold}</strong>`);
    else if (struck !== undefined) out.push(html`<del>${struck}</del>`);
    else if (label !== undefined) out.push(html`<${Link} url=${url ?? ''} text=${label} />`);
    else out.push(html`<em>${starred ?? underlined}</em>`);
  }
  return [...out, text.slice(at)];
}
