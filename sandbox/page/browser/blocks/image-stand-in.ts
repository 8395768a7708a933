import type { VNode } from 'preact';
import type { JsonObject } from '../../wire.ts';
import { html } from '../html.ts';
import { objectOf, wordsOf } from '../text/json.ts';
import { Icon } from '../views/icon.ts';

/** The page loads nothing from elsewhere, so a picture is its description and its address. */
export function ImageStandIn({ image }: { readonly image: JsonObject }): VNode {
  const file = objectOf(image.slack_file);
  const source = wordsOf(image.image_url) || wordsOf(file.url) || wordsOf(file.id);
  return html`<span class="image-stand-in" role="img" aria-label=${wordsOf(image.alt_text)} title=${source}>
    <${Icon} name="image" /> ${wordsOf(image.alt_text)}
  </span>`;
}
