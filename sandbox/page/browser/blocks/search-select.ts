import type { VNode } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import type { JsonObject } from '../../wire.ts';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import { objectOf, wordsOf } from '../text/json.ts';
import type { DrawnProps } from './element.ts';
import { heldValue, useSurface } from './surface-context.ts';
import { plainWords } from './text-object.ts';

/** How long typing rests before the app is asked. Milliseconds. */
const REST_MS = 150;

/** A menu whose options the app finds while somebody types. */
export function SearchSelect({ element, blockId, field, choose }: DrawnProps): VNode {
  const { deeds } = usePage();
  const model = useSurface();
  const held = objectOf(heldValue(model, blockId, element, 'selected_option', 'initial_option'));
  const [text, setText] = useState(plainWords(held.text));
  const [options, setOptions] = useState<readonly JsonObject[] | null>(null);
  const [active, setActive] = useState(-1);
  const chosen = useRef(text);
  const asked = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const listId = useId();
  const isOpen = options !== null;

  async function ask(typed: string): Promise<void> {
    if (model.surface.kind !== 'view') return;
    asked.current += 1;
    const turn = asked.current;
    const found = await deeds.suggest(model.surface.id, String(element.action_id), typed);
    // What was asked for first may be answered last.
    if (turn !== asked.current) return;
    setOptions(found);
    setActive(-1);
  }

  function type(typed: string): void {
    setText(typed);
    chosen.current = '';
    choose(null);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void ask(typed), REST_MS);
  }

  function close(): void {
    clearTimeout(timer.current);
    asked.current += 1;
    setOptions(null);
  }

  /** Words that were typed and not chosen are no answer. */
  function leave(): void {
    close();
    setText(chosen.current);
  }

  function take(option: JsonObject): void {
    chosen.current = plainWords(option.text);
    setText(chosen.current);
    choose(wordsOf(option.value));
    close();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const count = options?.length ?? 0;
    const under = options?.[active];
    if (event.key === 'ArrowDown' && !isOpen) void ask(text);
    else if (event.key === 'ArrowDown' && count > 0) setActive((active + 1) % count);
    else if (event.key === 'ArrowUp' && count > 0) setActive((active + count - 1) % count);
    else if (event.key === 'Escape' && isOpen) close();
    else if (event.key === 'Enter' && under !== undefined) take(under);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return html`<span class="search-select">
    <input
      id=${field?.id}
      class="text-field"
      type="text"
      role="combobox"
      autocomplete="off"
      aria-label=${field === undefined ? plainWords(element.placeholder) : undefined}
      aria-describedby=${field?.describedBy}
      aria-invalid=${field?.invalid}
      aria-autocomplete="list"
      aria-expanded=${isOpen}
      aria-controls=${listId}
      aria-activedescendant=${active >= 0 ? `${listId}-${active}` : undefined}
      placeholder=${plainWords(element.placeholder)}
      value=${text}
      onInput=${({ currentTarget }: { readonly currentTarget: HTMLInputElement }) => type(currentTarget.value)}
      onFocus=${() => void ask('')}
      onBlur=${leave}
      onKeyDown=${onKeyDown}
    />
    <ul class="search-options" id=${listId} role="listbox" aria-label="Found" hidden=${!isOpen}>
      ${options?.map(
        (option, index) => html`<li
          id=${`${listId}-${index}`}
          role="option"
          aria-selected=${index === active}
          ref=${index === active ? (item: HTMLElement | null) => item?.scrollIntoView({ block: 'nearest' }) : undefined}
          onPointerDown=${(event: PointerEvent) => {
            event.preventDefault();
            take(option);
          }}
        >
          ${plainWords(option.text)}
        </li>`,
      )}
      ${isOpen && options.length === 0 && html`<li class="is-none" role="option" aria-disabled="true" aria-selected="false">Nothing found</li>`}
    </ul>
  </span>`;
}
