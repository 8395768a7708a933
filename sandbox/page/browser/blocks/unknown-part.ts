import type { VNode } from 'preact';
import type { Json } from '../../wire.ts';
import { html } from '../html.ts';
import { isObject, wordsOf } from '../text/json.ts';

/** Something this page does not draw: named, and shown as it came. Never dropped. */
export function UnknownPart({ what, part }: { readonly what: string; readonly part: Json }): VNode {
  const type = isObject(part) ? wordsOf(part.type) : typeof part;
  return html`<details class="unknown-part">
    <summary>${what} <code>${type || 'without a type'}</code>, not drawn here</summary>
    <pre tabindex="0">${JSON.stringify(part, null, 2)}</pre>
  </details>`;
}
