import { randomBytes } from 'node:crypto';
import { interactiveElements } from './blocks/interactive-elements.ts';
import type { JsonObject } from './json.ts';

const shortId = () => randomBytes(4).toString('base64url').slice(0, 5);

/** A copy of the blocks in which what the app left unnamed has the ids that Slack makes up. */
export function fillIds(blocks: JsonObject[]): JsonObject[] {
  const copy = structuredClone(blocks);
  for (const block of copy) block.block_id ??= shortId();
  for (const { block, element } of interactiveElements(copy)) {
    block.block_id ??= shortId();
    element.action_id ??= shortId();
  }
  return copy;
}
