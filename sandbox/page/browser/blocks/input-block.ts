import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import type { JsonObject } from '../../wire.ts';
import { html } from '../html.ts';
import { isObject, objectOf, wordsOf } from '../text/json.ts';
import { Element } from './element.ts';
import { useSurface } from './surface-context.ts';
import { plainWords } from './text-object.ts';

/** A labelled field with its hint and what is wrong with it. */
export function InputBlock({ block }: { readonly block: JsonObject }): VNode {
  const id = useId();
  const { errors } = useSurface();
  const blockId = wordsOf(block.block_id);
  const complaint = errors[blockId];
  const element = objectOf(block.element);
  const isGroup = element.type === 'checkboxes' || element.type === 'radio_buttons';
  const label = html`${plainWords(block.label)}${block.optional === true && html` <small>(optional)</small>`}`;
  const field = { id, describedBy: `${id}-hint ${id}-error`, invalid: complaint !== undefined };
  return html`<div class=${complaint === undefined ? 'block-input' : 'block-input is-invalid'}>
    ${
      isGroup
        ? html`<span class="field-label" id=${`${id}-label`}>${label}</span>`
        : html`<label class="field-label" for=${id}>${label}</label>`
    }
    <${Element} element=${element} blockId=${blockId} field=${field} isInput dispatches=${block.dispatch_action === true} />
    <p class="field-error" id=${`${id}-error`} role="alert">${complaint ?? ''}</p>
    <p class="field-hint" id=${`${id}-hint`}>${isObject(block.hint) ? plainWords(block.hint) : ''}</p>
  </div>`;
}
