import type { VNode } from 'preact';
import type { Json, JsonObject } from '../../wire.ts';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import type { PageState } from '../model/page-state.ts';
import { listOf, objectOf, objectsOf, wordsOf } from '../text/json.ts';
import type { DrawnProps } from './element.ts';
import { heldValue, useSurface } from './surface-context.ts';
import { plainWords } from './text-object.ts';

interface Option {
  readonly value: string;
  readonly words: string;
}

interface OptionGroup {
  readonly label: string | null;
  readonly options: readonly Option[];
}

/** Select menus, of one or of several, as the browser's own. */
export function Select({ element, blockId, field, isBusy, choose }: DrawnProps): VNode {
  const { state } = usePage();
  const model = useSurface();
  const type = wordsOf(element.type);
  const isMulti = type.startsWith('multi_');
  const kind = type.replace(/^multi_/, '').replace(/_select$/, '');
  const groups = groupsOf(element, kind, state);
  const held = heldValues(
    heldValue(
      model,
      blockId,
      element,
      `selected_${fieldOf(kind)}${isMulti ? 's' : ''}`,
      `initial_${fieldOf(kind)}${isMulti ? 's' : ''}`,
    ),
  );
  const placeholder = plainWords(element.placeholder) || 'Choose';

  function onChange({ currentTarget }: { readonly currentTarget: HTMLSelectElement }): void {
    const values = [...currentTarget.selectedOptions].map(({ value }) => value).filter((value) => value !== '');
    if (isMulti) choose(values);
    else if (values[0] !== undefined) choose(values[0]);
  }

  return html`<select
    id=${field?.id}
    class=${isMulti ? 'select is-multi' : 'select'}
    multiple=${isMulti}
    aria-label=${field === undefined ? placeholder : undefined}
    aria-describedby=${field?.describedBy}
    aria-invalid=${field?.invalid}
    aria-busy=${isBusy}
    onChange=${onChange}
  >
    ${!isMulti && html`<option value="" selected=${held.length === 0}>${placeholder}</option>`}
    ${groups.map(({ label, options }) => {
      const drawn = options.map(
        ({ value, words }) => html`<option value=${value} selected=${held.includes(value)}>${words}</option>`,
      );
      return label === null ? drawn : html`<optgroup label=${label}>${drawn}</optgroup>`;
    })}
  </select>`;
}

/** The word by which state and initial value of a kind of menu are called. */
function fieldOf(kind: string): string {
  return kind === 'static' || kind === 'external' ? 'option' : kind.replace(/s$/, '');
}

function heldValues(held: Json): readonly string[] {
  const one = (value: Json) => (typeof value === 'string' ? value : wordsOf(objectOf(value).value));
  return (Array.isArray(held) ? held : [held]).map(one).filter((value) => value !== '');
}

function groupsOf(element: JsonObject, kind: string, { slack }: PageState): readonly OptionGroup[] {
  const people = (slack?.people ?? [])
    .filter(({ canAct }) => canAct)
    .map(({ id, name }) => ({ value: id, words: name }));
  const channels = (slack?.channels ?? []).map(({ id, name }) => ({ value: id, words: `#${name}` }));
  switch (kind) {
    case 'users':
      return [{ label: null, options: people }];
    case 'channels':
      return [{ label: null, options: channels }];
    case 'conversations':
      return [{ label: null, options: [...channels, ...people] }];
    default: {
      const initial = [element.initial_option, ...listOf(element.initial_options)].filter((one) => one !== undefined);
      const own = kind === 'external' ? objectsOf(initial) : objectsOf(element.options);
      const grouped = objectsOf(element.option_groups).map((group) => ({
        label: plainWords(group.label),
        options: objectsOf(group.options).map(optionOf),
      }));
      return [{ label: null, options: own.map(optionOf) }, ...grouped];
    }
  }
}

const optionOf = (option: JsonObject): Option => ({ value: wordsOf(option.value), words: plainWords(option.text) });
