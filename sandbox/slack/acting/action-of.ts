import type { PlacedElement } from '../blocks/interactive-elements.ts';
import { ControlError } from '../control/control-error.ts';
import type { Json, JsonObject } from '../json.ts';
import { findOption, stateFor } from '../view-state.ts';

/** Elements that send their value themselves; the others send what was chosen. */
const BUTTONS = new Set(['button', 'icon_button', 'workflow_button']);

/** The entry of `actions` that a click on this element sends, and the new state of the element. */
export function actionOf(
  placed: PlacedElement,
  value: Json | undefined,
  nowMs: number,
): { action: JsonObject; state?: JsonObject } {
  const { block, element } = placed;
  const base: JsonObject = {
    action_id: element.action_id,
    block_id: block.block_id,
    ...(element.text === undefined ? {} : { text: element.text }),
    ...(element.value === undefined ? {} : { value: element.value }),
    ...(element.style === undefined ? {} : { style: element.style }),
    ...(element.url === undefined ? {} : { url: element.url }),
    ...(element.confirm === undefined ? {} : { confirm: element.confirm }),
    ...(element.placeholder === undefined ? {} : { placeholder: element.placeholder }),
    type: element.type,
    action_ts: (nowMs / 1000).toFixed(6),
  };
  if (BUTTONS.has(String(element.type))) return { action: base };
  if (value === undefined) throw new ControlError('needs_value', `${element.action_id} needs a value to choose`);
  if (element.type === 'feedback_buttons') return { action: { ...base, value } };
  if (element.type === 'overflow') {
    const option = findOption(element, value);
    if (!option) throw new ControlError('no_such_option', `${element.action_id} has no option ${String(value)}`);
    return { action: { ...base, selected_option: option } };
  }
  const state = stateFor(element, value);
  if (!state) throw new ControlError('no_such_option', `${element.action_id} has no option ${JSON.stringify(value)}`);
  return { action: { ...base, ...state }, state };
}
