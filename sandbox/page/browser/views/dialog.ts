import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { html } from '../html.ts';
import { Icon } from './icon.ts';

/** The browser's own modal dialog: the rest of the page waits, Escape closes, the focus comes back. */
export function Dialog(props: {
  readonly title: string;
  readonly size: 'small' | 'large';
  onCancel(): void;
  readonly children: ComponentChildren;
}): VNode {
  const { title, size, onCancel, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return html`<dialog
    ref=${dialog}
    class=${`dialog is-${size}`}
    aria-labelledby=${titleId}
    onCancel=${(event: Event) => {
      event.preventDefault();
      onCancel();
    }}
  >
    <header class="dialog-head">
      <h2 id=${titleId}>${title}</h2>
      <button type="button" class="quiet" aria-label="Close" onClick=${onCancel}><${Icon} name="cross" /></button>
    </header>
    ${children}
  </dialog>`;
}
