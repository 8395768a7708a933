import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { html } from './html.ts';
import { createDeeds } from './model/deeds.ts';
import { followChanges } from './model/follow-changes.ts';
import { PageContext } from './model/page-context.ts';
import { initialState, type Theme } from './model/page-state.ts';
import { recallMarks } from './model/read-marks.ts';
import { recall } from './model/remembered.ts';
import { sandbox } from './model/server.ts';
import { createStore, useStore } from './model/store.ts';
import { App } from './views/app.ts';

const isText = (value: unknown): value is string => typeof value === 'string';
const isTheme = (value: unknown): value is Theme => value === 'system' || value === 'light' || value === 'dark';
const isTour = (value: unknown): value is number | 'closed' => typeof value === 'number' || value === 'closed';

const theme = recall('theme', isTheme, 'system');
showTheme(theme);
const setup = await sandbox.setup();
const tour = recall('tour', isTour, 0);
const store = createStore(
  initialState(setup, {
    me: recall('me', isText, setup.firstPerson),
    marks: recallMarks(),
    theme,
    tourStep: tour === 'closed' ? null : tour,
  }),
);
const deeds = createDeeds(store, followChanges(store));

function Root() {
  const state = useStore(store);
  useEffect(() => showTheme(state.theme), [state.theme]);
  return html`<${PageContext.Provider} value=${{ state, deeds }}><${App} /><//>`;
}

const mount = document.querySelector('#app');
if (mount !== null) render(html`<${Root} />`, mount);

function showTheme(chosen: Theme): void {
  document.documentElement.dataset.theme = chosen;
}
