import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../html.ts';
import { objectsOf, wordsOf } from '../text/json.ts';
import { Icon } from '../views/icon.ts';
import type { DrawnProps } from './element.ts';
import { plainWords } from './text-object.ts';

/** The three dots: a menu that is walked with the arrow keys. */
export function Overflow({ element, isBusy, choose }: DrawnProps): VNode {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLSpanElement>(null);
  const items = () => [...(root.current?.querySelectorAll<HTMLButtonElement>('[role=menuitem]') ?? [])];

  useEffect(() => {
    if (!isOpen) return undefined;
    items()[0]?.focus();
    const outside = ({ target }: PointerEvent) => {
      if (target instanceof Node && root.current?.contains(target) !== true) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [isOpen]);

  function close(): void {
    setOpen(false);
    root.current?.querySelector('button')?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const list = items();
    const at = list.findIndex((item) => item.matches(':focus'));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[event.key];
    // The focus goes on to what comes after the menu.
    if (event.key === 'Tab') setOpen(false);
    if (event.key === 'Escape') close();
    else if (to !== undefined) list.at(to % list.length)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return html`<span class="overflow" ref=${root}>
    <button
      type="button"
      class="button is-plain"
      aria-label="More"
      aria-haspopup="menu"
      aria-expanded=${isOpen}
      aria-busy=${isBusy}
      onClick=${() => setOpen(!isOpen)}
    >
      <${Icon} name="dots" />
    </button>
    ${
      isOpen &&
      html`<span class="menu" role="menu" aria-label="More" tabindex="-1" onKeyDown=${onKeyDown}>
        ${objectsOf(element.options).map(
          (option) => html`<button
            type="button"
            role="menuitem"
            tabindex="-1"
            onClick=${() => {
              close();
              choose(wordsOf(option.value));
            }}
          >
            ${plainWords(option.text)}
          </button>`,
        )}
      </span>`
    }
  </span>`;
}
