import type { VNode } from 'preact';
import type { Json, JsonObject } from '../../wire.ts';
import { html } from '../html.ts';
import { isObject, objectsOf, wordsOf } from '../text/json.ts';
import { Block } from './blocks.ts';
import { Element } from './element.ts';
import { ImageStandIn } from './image-stand-in.ts';
import { RichText } from './rich-text.ts';
import { TextObject } from './text-object.ts';

interface BlockProps {
  readonly block: JsonObject;
}

const textOf = (value: Json | undefined) => isObject(value) && html`<${TextObject} value=${value} />`;

export function Alert({ block }: BlockProps): VNode {
  const level = wordsOf(block.level) || 'default';
  return html`<div class=${`block-alert is-${level}`} role="note">
    ${level !== 'default' && html`<strong>${level}</strong>`} ${textOf(block.text)}
  </div>`;
}

export function Card({ block }: BlockProps): VNode {
  const buttons = objectsOf(block.actions);
  return html`<div class="block-card">
    ${isObject(block.hero_image) && html`<${ImageStandIn} image=${block.hero_image} />`}
    ${isObject(block.icon) && html`<${ImageStandIn} image=${block.icon} />`}
    ${block.title !== undefined && html`<p class="card-title">${textOf(block.title)}</p>`}
    ${block.subtitle !== undefined && html`<p class="card-subtitle">${textOf(block.subtitle)}</p>`}
    ${block.body !== undefined && html`<p>${textOf(block.body)}</p>`}
    ${
      buttons.length > 0 &&
      html`<div class="block-actions">
        ${buttons.map((element) => html`<${Element} element=${element} blockId=${wordsOf(block.block_id)} />`)}
      </div>`
    }
  </div>`;
}

export function Container({ block }: BlockProps): VNode {
  const children = objectsOf(block.child_blocks).map((child) => html`<${Block} block=${child} />`);
  const title = isObject(block.rich_text_title)
    ? html`<${RichText} block=${block.rich_text_title} />`
    : textOf(block.title);
  const subtitle = isObject(block.subtitle) && html`<small>${textOf(block.subtitle)}</small>`;
  if (block.is_collapsible !== true) {
    return html`<div class="block-card"><div class="card-title">${title} ${subtitle}</div>${children}</div>`;
  }
  return html`<details class="block-card" open=${block.default_collapsed !== true}>
    <summary class="card-title">${title} ${subtitle}</summary>
    ${children}
  </details>`;
}

const TASK_MARKS: Readonly<Record<string, string>> = { complete: '✓', in_progress: '●', error: '✕' };

export function TaskCard({ block }: BlockProps): VNode {
  const status = wordsOf(block.status);
  return html`<div class=${`block-card task is-${status}`}>
    <p class="card-title">${TASK_MARKS[status] ?? ''} ${wordsOf(block.title)} <small>${status.replaceAll('_', ' ')}</small></p>
    ${isObject(block.details) && html`<${RichText} block=${block.details} />`}
    ${isObject(block.output) && html`<${RichText} block=${block.output} />`}
  </div>`;
}

export function Plan({ block }: BlockProps): VNode {
  return html`<div class="block-card">
    <p class="card-title">${wordsOf(block.title)}</p>
    ${objectsOf(block.tasks).map((task) => html`<${TaskCard} block=${task} />`)}
  </div>`;
}
