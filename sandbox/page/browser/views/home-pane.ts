import type { VNode } from 'preact';
import { Blocks } from '../blocks/blocks.ts';
import { SurfaceContext, type SurfaceModel } from '../blocks/surface-context.ts';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import { objectOf, objectsOf, wordsOf } from '../text/json.ts';

/** The app's Home tab as this person sees it. */
export function HomePane(): VNode {
  const { state } = usePage();
  const { slack, me, busy } = state;
  const person = slack?.people.find((one) => one.id === me);
  const view = slack?.home ?? null;
  const model: SurfaceModel = {
    surface: { kind: 'view', id: wordsOf(view?.id) },
    values: objectOf(objectOf(view?.state).values),
    errors: {},
    enter: () => undefined,
  };
  return html`<main class="channel" aria-label="titanic Home">
    <header class="pane-head">
      <h1>titanic Home</h1>
      <p>as ${person?.name ?? me} sees it</p>
    </header>
    <div class="messages home" tabindex="0" role="region" aria-label="Home" aria-busy=${busy.has('home')}>
      ${
        view === null
          ? html`<p class="empty">titanic has published no Home for ${person?.name ?? me} yet.</p>`
          : html`<${SurfaceContext.Provider} value=${model}><${Blocks} blocks=${objectsOf(view.blocks)} /><//>`
      }
    </div>
  </main>`;
}
