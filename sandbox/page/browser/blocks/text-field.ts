import type { VNode } from 'preact';
import { html } from '../html.ts';
import { wordsOf } from '../text/json.ts';
import type { DrawnProps } from './element.ts';
import { heldValue, useSurface } from './surface-context.ts';
import { plainWords } from './text-object.ts';

const INPUT_TYPES: Readonly<Record<string, string>> = {
  plain_text_input: 'text',
  number_input: 'text',
  email_text_input: 'email',
  url_text_input: 'url',
};

/** Inputs that are typed into. What they allow is judged at the submit, as Slack does. */
export function TextField({ element, blockId, field, choose }: DrawnProps): VNode {
  const model = useSurface();
  const isRich = element.type === 'rich_text_input';
  const held = isRich ? '' : wordsOf(heldValue(model, blockId, element, 'value', 'initial_value'));
  const enter = ({ currentTarget }: { readonly currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
    choose(isRich ? richTextOf(currentTarget.value) : currentTarget.value);
  const shared = {
    id: field?.id,
    class: 'text-field',
    placeholder: plainWords(element.placeholder),
    'aria-label': field === undefined ? plainWords(element.placeholder) || 'Text' : undefined,
    'aria-describedby': field?.describedBy,
    'aria-invalid': field?.invalid,
    defaultValue: held,
    onInput: enter,
  };
  return isRich || element.multiline === true
    ? html`<textarea rows="4" ...${shared}></textarea>`
    : html`<input
        type=${INPUT_TYPES[wordsOf(element.type)] ?? 'text'}
        inputmode=${element.type === 'number_input' ? 'decimal' : undefined}
        autocomplete="off"
        ...${shared}
      />`;
}

function richTextOf(text: string): {
  type: string;
  elements: { type: string; elements: { type: string; text: string }[] }[];
} {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }] };
}
