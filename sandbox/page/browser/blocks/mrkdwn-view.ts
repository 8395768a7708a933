import type { VNode } from 'preact';
import { html } from '../html.ts';
import { emojiOf } from '../text/emoji.ts';
import { type Piece, parseMrkdwn } from '../text/mrkdwn.ts';
import { Broadcast, Link, Mention, Moment } from './inline-parts.ts';

/** A mrkdwn text as Slack shows it. */
export function Mrkdwn({ text }: { readonly text: string }): VNode {
  return html`<span class="mrkdwn">${parseMrkdwn(text).map(drawn)}</span>`;
}

function drawn(piece: Piece): VNode | string {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'break':
      return html`<br />`;
    case 'code':
      return html`<code>${piece.text}</code>`;
    case 'pre':
      return html`<pre tabindex="0">${piece.text}</pre>`;
    case 'bold':
      return html`<strong>${piece.pieces.map(drawn)}</strong>`;
    case 'italic':
      return html`<em>${piece.pieces.map(drawn)}</em>`;
    case 'strike':
      return html`<del>${piece.pieces.map(drawn)}</del>`;
    case 'quote':
      return html`<span class="quote" role="blockquote">${piece.pieces.map(drawn)}</span>`;
    case 'link':
      return html`<${Link} url=${piece.url} text=${piece.text} />`;
    case 'person':
    case 'group':
    case 'channel':
      return html`<${Mention} kind=${piece.kind} id=${piece.id} label=${piece.label} />`;
    case 'broadcast':
      return html`<${Broadcast} range=${piece.range} />`;
    case 'date':
      return html`<${Moment} seconds=${piece.seconds} format=${piece.format} fallback=${piece.fallback} />`;
    case 'emoji':
      return emojiOf(piece.name);
  }
}
