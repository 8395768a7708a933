import { interactiveElements, type PlacedElement } from '../blocks/interactive-elements.ts';
import { ControlError } from '../control/control-error.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { ViewRecord } from '../records.ts';
import { viewBlocks } from '../view-stack.ts';
import { isFilled, stateFor, stateValues } from '../view-state.ts';

const REQUIRED = 'Please complete this required field.';

/** Fills in inputs by action id or block id; null empties one. @throws ControlError for an unknown input or option */
export function enterValues(view: ViewRecord, values: Record<string, Json>): void {
  const elements = interactiveElements(viewBlocks(view));
  for (const [name, value] of Object.entries(values)) {
    const placed = elements.find(({ block, element }) => element.action_id === name || block.block_id === name);
    if (!placed) throw new ControlError('no_such_input', `the view has no input ${name}`);
    const blockId = String(placed.block.block_id);
    if (value === null) {
      delete view.chosen[blockId]?.[String(placed.element.action_id)];
      continue;
    }
    const state = stateFor(withOffered(view, placed.element), value);
    if (!state) throw new ControlError('no_such_option', `${name} does not take ${JSON.stringify(value)}`);
    view.chosen[blockId] = { ...view.chosen[blockId], [String(placed.element.action_id)]: state };
  }
}

/** A menu that the app searches has the options that were last offered for what was typed. */
function withOffered({ offered }: ViewRecord, element: JsonObject): JsonObject {
  const options = offered?.[String(element.action_id)];
  return options === undefined ? element : { ...element, options };
}

/** The complaints with which Slack itself holds back a form, by block id. */
export function missingInputs(view: ViewRecord): Record<string, string> {
  const blocks = viewBlocks(view);
  const values = stateValues(blocks, view.chosen);
  const complaints: Record<string, string> = {};
  for (const placed of interactiveElements(blocks)) {
    if (placed.block.type !== 'input') continue;
    const complaint = complaintAbout(placed, values);
    if (complaint) complaints[String(placed.block.block_id)] = complaint;
  }
  return complaints;
}

function complaintAbout({ block, element }: PlacedElement, values: JsonObject): string | undefined {
  const inBlock = values[String(block.block_id)];
  const state = isJsonObject(inBlock) ? inBlock[String(element.action_id)] : undefined;
  const entered = isJsonObject(state) ? state : undefined;
  if (!isFilled(String(element.type), entered)) return block.optional === true ? undefined : REQUIRED;
  const value = entered?.value;
  if (element.type === 'number_input') return numberComplaint(element, String(value));
  if (element.type !== 'plain_text_input' || typeof value !== 'string') return undefined;
  if (typeof element.min_length === 'number' && value.length < element.min_length) {
    return `This entry must be at least ${element.min_length} characters.`;
  }
  const longest = typeof element.max_length === 'number' ? element.max_length : 3000;
  return value.length > longest ? `This entry must be at most ${longest} characters.` : undefined;
}

function numberComplaint(element: JsonObject, text: string): string | undefined {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) return 'This entry must be a number.';
  if (element.is_decimal_allowed !== true && !Number.isInteger(value)) return 'This entry must be a whole number.';
  if (value < Number(element.min_value ?? Number.NEGATIVE_INFINITY))
    return `This entry must be at least ${element.min_value}.`;
  if (value > Number(element.max_value ?? Number.POSITIVE_INFINITY))
    return `This entry must be at most ${element.max_value}.`;
  return undefined;
}
