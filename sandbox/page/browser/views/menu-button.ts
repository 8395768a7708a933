import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../html.ts';
import { Icon, type IconName } from './icon.ts';

export interface MenuItem {
  readonly value: string;
  readonly words: string;
}

/** A button with a menu that is walked with the arrow keys. */
export function MenuButton(props: {
  readonly label: string;
  readonly icon: IconName;
  readonly items: readonly MenuItem[];
  readonly isBusy?: boolean;
  choose(value: string): void;
}): VNode {
  const { label, icon, items, isBusy = false, choose } = props;
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLSpanElement>(null);
  const drawn = () => [...(root.current?.querySelectorAll<HTMLButtonElement>('[role=menuitem]') ?? [])];

  useEffect(() => {
    if (!isOpen) return undefined;
    drawn()[0]?.focus();
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
    const list = drawn();
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
      aria-label=${label}
      aria-haspopup="menu"
      aria-expanded=${isOpen}
      aria-busy=${isBusy}
      onClick=${() => setOpen(!isOpen)}
    >
      <${Icon} name=${icon} />
    </button>
    ${
      isOpen &&
      html`<span class="menu" role="menu" aria-label=${label} tabindex="-1" onKeyDown=${onKeyDown}>
        ${items.map(
          ({ value, words }) => html`<button
            type="button"
            role="menuitem"
            tabindex="-1"
            onClick=${() => {
              close();
              choose(value);
            }}
          >
            ${words}
          </button>`,
        )}
      </span>`
    }
  </span>`;
}
