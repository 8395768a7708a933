import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { Json, JsonObject } from '../../wire.ts';
import { Blocks } from '../blocks/blocks.ts';
import { SurfaceContext, type SurfaceModel } from '../blocks/surface-context.ts';
import { plainWords } from '../blocks/text-object.ts';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import { isObject, objectOf, objectsOf, wordsOf } from '../text/json.ts';
import { Dialog } from './dialog.ts';

/** The modal on top; those below it wait, and come back when it is closed. */
export function ModalStack(): VNode | null {
  const { slack } = usePage().state;
  const top = slack?.views.at(-1);
  if (slack === null || top === undefined) return null;
  return html`<${Modal} key=${wordsOf(top.id)} view=${top} depth=${slack.views.length} />`;
}

function Modal({ view, depth }: { readonly view: JsonObject; readonly depth: number }): VNode {
  const { state, deeds } = usePage();
  const id = wordsOf(view.id);
  const entered = useRef<Record<string, Json>>({});
  const errors = state.fieldErrors[id] ?? {};
  const model: SurfaceModel = {
    surface: { kind: 'view', id },
    values: objectOf(objectOf(view.state).values),
    errors,
    enter(blockId, value) {
      entered.current = { ...entered.current, [blockId]: value };
    },
  };
  const inputs = new Set(objectsOf(view.blocks).map((block) => wordsOf(block.block_id)));
  function submit(event: Event): void {
    event.preventDefault();
    // The view may have been updated meanwhile: what is no longer there cannot be submitted.
    const values = Object.entries(entered.current).filter(([blockId]) => inputs.has(blockId));
    void deeds.submit(id, Object.fromEntries(values));
  }
  return html`<${Dialog} title=${plainWords(view.title)} size="large" onCancel=${() => void deeds.closeView(id, false)}>
    <form class="modal-form" noValidate onSubmit=${submit}>
      <div class="dialog-body" tabindex="0" role="region" aria-label=${plainWords(view.title)}>
        ${depth > 1 && html`<p class="modal-depth">On top of ${depth - 1} more. Closing goes back one.</p>`}
        <${SurfaceContext.Provider} value=${model}><${Blocks} blocks=${objectsOf(view.blocks)} /><//>
      </div>
      <footer class="dialog-foot">
        <button type="button" class="button is-plain" onClick=${() => void deeds.closeView(id, false)}>
          ${isObject(view.close) ? plainWords(view.close) : 'Close'}
        </button>
        ${isObject(view.submit) && html`<button type="submit" class="button is-primary" aria-busy=${state.busy.has(id)}>${plainWords(view.submit)}</button>`}
      </footer>
    </form>
  <//>`;
}
