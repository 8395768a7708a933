import type { VNode } from 'preact';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import { Icon } from './icon.ts';
import { type TourHelp, tourSteps } from './tour-steps.ts';

/** The first visit, step by step, above the channel. */
export function Tour(): VNode | null {
  const { state, deeds } = usePage();
  const { tourStep } = state;
  if (tourStep === null) return null;
  const steps = tourSteps(state);
  let at = Math.min(tourStep, steps.length - 1);
  // What comes after the first command happens by itself.
  if (at === 0 && steps[0]?.isDone === true) at = 1;
  const step = steps[at];
  if (step === undefined) return null;
  const isLast = at === steps.length - 1;

  function help({ act }: TourHelp): void {
    if (act.kind === 'person') void deeds.actAs(act.id);
    else deeds.putInComposer(act.text);
  }

  return html`<section class="tour" aria-label="First steps">
    <ol class="tour-steps">
      ${steps.map(
        ({ title, isDone }, index) => html`<li key=${title}>
          <button
            type="button"
            aria-current=${index === at ? 'step' : undefined}
            onClick=${() => deeds.setTour(index)}
          >
            <span class=${isDone ? 'tour-mark is-done' : 'tour-mark'}>${isDone ? html`<${Icon} name="tick" />` : index + 1}</span>
            <span class="tour-title">${title}</span>${isDone && html`<span class="unseen">, done</span>`}
          </button>
        </li>`,
      )}
    </ol>
    <button type="button" class="quiet" aria-label="Close the first steps" onClick=${() => deeds.setTour(null)}>
      <${Icon} name="cross" />
    </button>
    <div class="tour-body">
      <p>${step.words}</p>
      <div class="button-row">
        ${
          step.isDone
            ? html`<button type="button" class="button is-primary" onClick=${() => deeds.setTour(isLast ? null : at + 1)}>
                ${isLast ? 'Done, close this' : 'Next step'}
              </button>`
            : step.helps.map(
                (one) =>
                  html`<button type="button" class="button is-plain" key=${one.words} onClick=${() => help(one)}>${one.words}</button>`,
              )
        }
      </div>
    </div>
  </section>`;
}
