import type { VNode } from 'preact';
import { html } from '../html.ts';
import { isObject, objectOf, wordsOf } from '../text/json.ts';
import type { DrawnProps } from './element.ts';
import { plainWords } from './text-object.ts';

/** A button, an icon button or a workflow button. */
export function Button({ element, isBusy, choose }: DrawnProps): VNode {
  const style = wordsOf(element.style) || 'plain';
  const words = plainWords(element.text);
  const url = wordsOf(element.url);
  const label = wordsOf(element.accessibility_label) || undefined;
  if (/^https?:\/\//i.test(url)) {
    return html`<a
      class=${`button is-${style}`}
      href=${url}
      target="_blank"
      rel="noopener noreferrer"
      aria-label=${label}
      onClick=${() => choose()}
      >${words}</a
    >`;
  }
  return html`<button
    type="button"
    class=${`button is-${style}`}
    aria-label=${label}
    aria-busy=${isBusy}
    aria-haspopup=${isObject(element.confirm) ? 'dialog' : undefined}
    onClick=${() => choose()}
  >
    ${words}
  </button>`;
}

/** Thumbs up and down, as apps ask with them. */
export function FeedbackButtons({ element, isBusy, choose }: DrawnProps): VNode {
  const both = [objectOf(element.positive_button), objectOf(element.negative_button)];
  return html`<span class="button-row">
    ${both.map(
      (one) => html`<button
        type="button"
        class="button is-plain"
        aria-busy=${isBusy}
        aria-label=${wordsOf(one.accessibility_label) || undefined}
        onClick=${() => choose(wordsOf(one.value))}
      >
        ${plainWords(one.text)}
      </button>`,
    )}
  </span>`;
}
