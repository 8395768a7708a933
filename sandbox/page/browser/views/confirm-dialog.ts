import type { VNode } from 'preact';
import { plainWords, TextObject } from '../blocks/text-object.ts';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import { isObject } from '../text/json.ts';
import { Dialog } from './dialog.ts';

/** What an element asks before it acts. A no reaches nobody. */
export function ConfirmDialog(): VNode | null {
  const { asking } = usePage().state;
  if (asking === null) return null;
  const { confirm, answer } = asking;
  const isDanger = confirm.style === 'danger';
  return html`<${Dialog} title=${plainWords(confirm.title)} size="small" onCancel=${() => answer(false)}>
    <div class="dialog-body">${isObject(confirm.text) && html`<p><${TextObject} value=${confirm.text} /></p>`}</div>
    <footer class="dialog-foot">
      <button type="button" class="button is-plain" onClick=${() => answer(false)}>${plainWords(confirm.deny)}</button>
      <button type="button" class=${`button is-${isDanger ? 'danger' : 'primary'}`} onClick=${() => answer(true)}>
        ${plainWords(confirm.confirm)}
      </button>
    </footer>
  <//>`;
}
