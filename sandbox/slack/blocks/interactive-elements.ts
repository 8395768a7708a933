import { isJsonObject, type JsonObject, objectsOf } from '../json.ts';

/** An interactive element with the block it stands in and a JSON pointer to it. */
export interface PlacedElement {
  block: JsonObject;
  element: JsonObject;
  pointer: string;
}

const PASSIVE = new Set(['image', 'plain_text', 'mrkdwn', 'card']);

/** Every element a person can act on, in reading order. */
export function interactiveElements(blocks: JsonObject[], at = '/blocks'): PlacedElement[] {
  return blocks.flatMap((block, index) => {
    const here = `${at}/${index}`;
    const found: PlacedElement[] = [];
    const add = (element: unknown, pointer: string) => {
      if (isJsonObject(element) && !PASSIVE.has(String(element.type))) found.push({ block, element, pointer });
    };
    add(block.accessory, `${here}/accessory`);
    if (block.type === 'input') add(block.element, `${here}/element`);
    if (block.type === 'actions' || block.type === 'context_actions') {
      objectsOf(block.elements).forEach((element, position) => {
        add(element, `${here}/elements/${position}`);
      });
    }
    if (block.type === 'card') {
      objectsOf(block.actions).forEach((element, position) => {
        add(element, `${here}/actions/${position}`);
      });
    }
    if (block.type === 'carousel') {
      found.push(...interactiveElements(objectsOf(block.elements), `${here}/elements`));
    }
    if (block.type === 'container') {
      found.push(...interactiveElements(objectsOf(block.child_blocks), `${here}/child_blocks`));
    }
    return found;
  });
}
