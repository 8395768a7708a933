import type { VNode } from 'preact';
import { useId, useRef } from 'preact/hooks';
import type { Json } from '../../wire.ts';
import { html } from '../html.ts';
import { isObject, objectOf, objectsOf, wordsOf } from '../text/json.ts';
import type { DrawnProps } from './element.ts';
import { heldValue, useSurface } from './surface-context.ts';
import { TextObject } from './text-object.ts';

/** Checkboxes and radio buttons. */
export function Choices({ element, blockId, field, isBusy, choose }: DrawnProps): VNode {
  const model = useSurface();
  const name = useId();
  const root = useRef<HTMLDivElement>(null);
  const isMulti = element.type === 'checkboxes';
  const held = isMulti
    ? heldValue(model, blockId, element, 'selected_options', 'initial_options')
    : heldValue(model, blockId, element, 'selected_option', 'initial_option');
  const values = (Array.isArray(held) ? held : [held]).map((one: Json) => wordsOf(objectOf(one).value));

  function onChange(): void {
    const checked = [...(root.current?.querySelectorAll<HTMLInputElement>('input:checked') ?? [])];
    const chosen = checked.map(({ value }) => value);
    choose(isMulti ? chosen : (chosen[0] ?? null));
  }

  return html`<div
    class="choices"
    ref=${root}
    role=${isMulti ? 'group' : 'radiogroup'}
    aria-busy=${isBusy}
    aria-labelledby=${field === undefined ? undefined : `${field.id}-label`}
    aria-describedby=${field?.describedBy}
    aria-label=${field === undefined ? 'Options' : undefined}
  >
    ${objectsOf(element.options).map(
      (option) => html`<label class="choice">
        <input
          type=${isMulti ? 'checkbox' : 'radio'}
          name=${name}
          value=${wordsOf(option.value)}
          checked=${values.includes(wordsOf(option.value))}
          onChange=${onChange}
        />
        <span>
          <${TextObject} value=${objectOf(option.text)} />
          ${isObject(option.description) && html`<small><${TextObject} value=${option.description} /></small>`}
        </span>
      </label>`,
    )}
  </div>`;
}
