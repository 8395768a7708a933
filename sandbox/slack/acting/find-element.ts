import { interactiveElements, type PlacedElement } from '../blocks/interactive-elements.ts';
import { ControlError } from '../control/control-error.ts';
import type { ClickInput } from '../control/slack-control.ts';
import type { JsonObject } from '../json.ts';

/**
 * The one element that a click means.
 * @throws ControlError when the blocks have none like it, or several
 */
export function findElement(blocks: JsonObject[], input: ClickInput): PlacedElement {
  const all = interactiveElements(blocks);
  const named = all.filter(
    ({ block, element }) =>
      element.action_id === input.actionId && (input.blockId === undefined || block.block_id === input.blockId),
  );
  const isButton = ({ element }: PlacedElement) => element.type === 'button';
  const matching =
    input.value === undefined ? named : named.filter((one) => !isButton(one) || one.element.value === input.value);
  const [found, ...others] = matching;
  if (!found) {
    const there = all.map(({ element }) => `${element.action_id}=${element.value ?? ''}`).join(', ') || 'none';
    throw new ControlError('no_such_element', `there is no ${input.actionId} to click here; there are: ${there}`);
  }
  if (others.length > 0) {
    throw new ControlError(
      'ambiguous_element',
      `${matching.length} elements are called ${input.actionId}: name the block or value`,
    );
  }
  return found;
}

/** @throws ControlError when the person did not answer the dialog, or answered one that is not there */
export function askToConfirm({ element }: PlacedElement, answer: 'yes' | 'no' | undefined): 'go on' | 'stop' {
  if (element.confirm && answer === undefined) {
    throw new ControlError('needs_confirm', `${element.action_id} asks to confirm: say confirm 'yes' or 'no'`);
  }
  if (!element.confirm && answer !== undefined) {
    throw new ControlError('no_confirm_dialog', `${element.action_id} does not ask to confirm`);
  }
  return answer === 'no' ? 'stop' : 'go on';
}
