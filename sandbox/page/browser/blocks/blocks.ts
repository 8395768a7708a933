import type { VNode } from 'preact';
import type { JsonObject } from '../../wire.ts';
import { html } from '../html.ts';
import { isObject, objectOf, objectsOf, wordsOf } from '../text/json.ts';
import { Chart } from './chart.ts';
import { Element } from './element.ts';
import { Alert, Card, Container, Plan, TaskCard } from './grouped-blocks.ts';
import { ImageStandIn } from './image-stand-in.ts';
import { InputBlock } from './input-block.ts';
import { Markdown } from './markdown.ts';
import { RichText } from './rich-text.ts';
import { Table } from './table.ts';
import { plainWords, TextObject } from './text-object.ts';
import { UnknownPart } from './unknown-part.ts';

/** All blocks of a message or view, in order. */
export function Blocks({ blocks }: { readonly blocks: readonly JsonObject[] }): VNode {
  return html`<div class="blocks">
    ${blocks.map((block, index) => html`<${Block} key=${wordsOf(block.block_id) || String(index)} block=${block} />`)}
  </div>`;
}

export function Block({ block }: { readonly block: JsonObject }): VNode {
  switch (block.type) {
    case 'header':
      return html`<h3 class="block-header">${plainWords(block.text)}</h3>`;
    case 'section':
      return html`<${Section} block=${block} />`;
    case 'context':
      return html`<div class="block-context">
        ${objectsOf(block.elements).map((part) =>
          part.type === 'image' ? html`<${ImageStandIn} image=${part} />` : html`<${TextObject} value=${part} />`,
        )}
      </div>`;
    case 'divider':
      return html`<hr />`;
    case 'image':
      return html`<figure class="block-image">
        ${isObject(block.title) && html`<figcaption>${plainWords(block.title)}</figcaption>`}
        <${ImageStandIn} image=${block} />
      </figure>`;
    case 'actions':
    case 'context_actions':
      return html`<div class="block-actions">
        ${objectsOf(block.elements).map(
          (element) =>
            html`<${Element} key=${wordsOf(element.action_id)} element=${element} blockId=${wordsOf(block.block_id)} />`,
        )}
      </div>`;
    case 'input':
      return html`<${InputBlock} block=${block} />`;
    case 'rich_text':
      return html`<${RichText} block=${block} />`;
    case 'table':
    case 'data_table':
      return html`<${Table} block=${block} />`;
    case 'data_visualization':
      return html`<${Chart} block=${block} />`;
    case 'markdown':
      return html`<${Markdown} text=${wordsOf(block.text)} />`;
    case 'alert':
      return html`<${Alert} block=${block} />`;
    case 'card':
      return html`<${Card} block=${block} />`;
    case 'carousel':
      return html`<div class="block-carousel" tabindex="0" role="region" aria-label="Cards">
        ${objectsOf(block.elements).map((card) => html`<${Block} block=${card} />`)}
      </div>`;
    case 'container':
      return html`<${Container} block=${block} />`;
    case 'task_card':
      return html`<${TaskCard} block=${block} />`;
    case 'plan':
      return html`<${Plan} block=${block} />`;
    default:
      return html`<${UnknownPart} what="Block" part=${block} />`;
  }
}

function Section({ block }: { readonly block: JsonObject }): VNode {
  const fields = objectsOf(block.fields);
  return html`<div class="block-section">
    <div class="section-words">
      ${isObject(block.text) && html`<p><${TextObject} value=${block.text} /></p>`}
      ${
        fields.length > 0 &&
        html`<div class="fields">${fields.map((field) => html`<div><${TextObject} value=${field} /></div>`)}</div>`
      }
    </div>
    ${
      isObject(block.accessory) &&
      html`<div class="accessory"><${Element} element=${objectOf(block.accessory)} blockId=${wordsOf(block.block_id)} /></div>`
    }
  </div>`;
}
