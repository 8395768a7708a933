import { interactiveElements } from './blocks/interactive-elements.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';

/** Selections by block id and action id. */
export type Chosen = Record<string, Record<string, JsonObject>>;

/** How each stateful element names its value, and where its initial value stands. */
const STATE_FIELDS: Record<string, { field: string; initial: string; empty: Json }> = {
  plain_text_input: { field: 'value', initial: 'initial_value', empty: null },
  number_input: { field: 'value', initial: 'initial_value', empty: null },
  email_text_input: { field: 'value', initial: 'initial_value', empty: null },
  url_text_input: { field: 'value', initial: 'initial_value', empty: null },
  rich_text_input: { field: 'rich_text_value', initial: 'initial_value', empty: null },
  static_select: { field: 'selected_option', initial: 'initial_option', empty: null },
  external_select: { field: 'selected_option', initial: 'initial_option', empty: null },
  radio_buttons: { field: 'selected_option', initial: 'initial_option', empty: null },
  multi_static_select: { field: 'selected_options', initial: 'initial_options', empty: [] },
  multi_external_select: { field: 'selected_options', initial: 'initial_options', empty: [] },
  checkboxes: { field: 'selected_options', initial: 'initial_options', empty: [] },
  users_select: { field: 'selected_user', initial: 'initial_user', empty: null },
  multi_users_select: { field: 'selected_users', initial: 'initial_users', empty: [] },
  channels_select: { field: 'selected_channel', initial: 'initial_channel', empty: null },
  multi_channels_select: { field: 'selected_channels', initial: 'initial_channels', empty: [] },
  conversations_select: { field: 'selected_conversation', initial: 'initial_conversation', empty: null },
  multi_conversations_select: { field: 'selected_conversations', initial: 'initial_conversations', empty: [] },
  datepicker: { field: 'selected_date', initial: 'initial_date', empty: null },
  timepicker: { field: 'selected_time', initial: 'initial_time', empty: null },
  datetimepicker: { field: 'selected_date_time', initial: 'initial_date_time', empty: null },
  file_input: { field: 'files', initial: '', empty: [] },
};

/** The member of the state that holds an element's value; undefined for buttons and menus. */
export const valueField = (elementType: string): string | undefined => STATE_FIELDS[elementType]?.field;

/** Whether an input counts as filled in. */
export function isFilled(elementType: string, state: JsonObject | undefined): boolean {
  const value = state?.[valueField(elementType) ?? ''];
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

/** `state.values` of a surface: what was chosen, else the initial values, else empty. */
export function stateValues(blocks: JsonObject[], chosen: Chosen): JsonObject {
  const values: Record<string, JsonObject> = {};
  for (const { block, element } of interactiveElements(blocks)) {
    const known = STATE_FIELDS[String(element.type)];
    if (!known) continue;
    const blockId = String(block.block_id);
    const actionId = String(element.action_id);
    const start = { type: element.type, [known.field]: element[known.initial] ?? known.empty };
    const earlier = chosen[blockId]?.[actionId];
    // After an update, an input keeps what was entered only if it is still the same kind of input.
    values[blockId] = { ...values[blockId], [actionId]: earlier?.type === element.type ? earlier : start };
  }
  return values;
}

/**
 * The state object for a value that a person gives: an option's value, a user id, text, a list of these.
 * @returns undefined when the element offers no such value
 */
export function stateFor(element: JsonObject, given: Json): JsonObject | undefined {
  const type = String(element.type);
  const field = valueField(type);
  if (!field) return undefined;
  if (field === 'selected_option') {
    const option = findOption(element, given);
    return option && { type, [field]: option };
  }
  if (field === 'selected_options') {
    const options = (Array.isArray(given) ? given : [given]).map((one) => findOption(element, one));
    return options.every((option) => option !== undefined) ? { type, [field]: options } : undefined;
  }
  return { type, [field]: given };
}

/** The option with this value, also inside groups. */
export function findOption(element: JsonObject, value: Json): JsonObject | undefined {
  const groups = Array.isArray(element.option_groups) ? element.option_groups.filter(isJsonObject) : [];
  const lists = [element.options, ...groups.map((group) => group.options)];
  return lists.flatMap((list) => (Array.isArray(list) ? list.filter(isJsonObject) : [])).find((o) => o.value === value);
}
