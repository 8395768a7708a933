import type { VNode } from 'preact';
import { html } from '../html.ts';
import { objectsOf, wordsOf } from '../text/json.ts';
import { MenuButton } from '../views/menu-button.ts';
import type { DrawnProps } from './element.ts';
import { plainWords } from './text-object.ts';

/** The three dots. */
export function Overflow({ element, isBusy, choose }: DrawnProps): VNode {
  const items = objectsOf(element.options).map((one) => ({ value: wordsOf(one.value), words: plainWords(one.text) }));
  return html`<${MenuButton} label="More" icon="dots" items=${items} isBusy=${isBusy} choose=${choose} />`;
}
