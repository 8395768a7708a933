import { isJsonObject, objectsOf } from '../json.ts';
import {
  anything,
  boolean,
  type Check,
  type Field,
  httpUrl,
  list,
  number,
  oneOf,
  optional,
  type Report,
  required,
  shape,
  string,
} from './checks.ts';
import { BLOCK_LIMITS as MAX } from './limits.ts';
import { choiceOption, confirm, optionGroup, plainOption, plainText } from './text-shapes.ts';

/** How an element type is built: its members besides `type` and `action_id`. */
function element(fields: Record<string, Field>, extra?: Parameters<typeof shape>[1]): Check {
  return shape({ type: required(anything), action_id: optional(string(MAX.idLength)), ...fields }, extra);
}

const confirmable = { confirm: optional(confirm) };
const focusable = { focus_on_load: optional(boolean) };
const placeholder = { placeholder: optional(plainText(MAX.placeholder)) };
const picker = { ...confirmable, ...focusable, ...placeholder };
const ids = optional(list(string(40), 0, 100));

/** Options must be distinct, or the payload could not say which one was chosen. */
function distinctOptions(value: { [key: string]: unknown }, at: string, report: Report): void {
  const groups = objectsOf(value.option_groups);
  const options = [...objectsOf(value.options), ...groups.flatMap((group) => objectsOf(group.options))];
  const values = options.map((option) => option.value);
  if (new Set(values).size !== values.length) report(at, 'options must have unique values');
  const initial = isJsonObject(value.initial_option) ? [value.initial_option] : objectsOf(value.initial_options);
  for (const option of initial) {
    if (!values.includes(option.value)) report(at, 'initial option must be one of the options');
  }
}

function eitherOptions(value: { [key: string]: unknown }, at: string, report: Report): void {
  const given = ['options', 'option_groups'].filter((name) => value[name] !== undefined);
  if (given.length !== 1) report(at, 'must have exactly one of options and option_groups');
  distinctOptions(value, at, report);
}

const selectOptions = {
  options: optional(list(plainOption, 1, MAX.selectOptions)),
  option_groups: optional(list(optionGroup, 1, MAX.optionGroups)),
};
const multi = { max_selected_items: optional(number(1)) };

function numericBounds(value: { [key: string]: unknown }, at: string, report: Report): void {
  for (const name of ['min_value', 'max_value', 'initial_value']) {
    const given = value[name];
    if (given !== undefined && (typeof given !== 'string' || given === '' || Number.isNaN(Number(given)))) {
      report(`${at}/${name}`, 'must be a string that holds a number');
    }
  }
  if (Number(value.min_value) > Number(value.max_value)) report(at, 'min_value must not exceed max_value');
}

const typed = { ...placeholder, ...focusable, dispatch_action_config: optional(anything) };
const feedback = shape({
  text: required(plainText(MAX.buttonText)),
  value: required(string(MAX.buttonValue)),
  accessibility_label: optional(string(MAX.accessibilityLabel)),
});

/** Every interactive element and the image element, by `type`. */
export const ELEMENT_SHAPES: Record<string, Check> = {
  button: element({
    ...confirmable,
    text: required(plainText(MAX.buttonText)),
    value: optional(string(MAX.buttonValue, 0)),
    url: optional(httpUrl),
    style: optional(oneOf(['primary', 'danger'])),
    accessibility_label: optional(string(MAX.accessibilityLabel)),
  }),
  image: shape({
    type: required(anything),
    image_url: optional(httpUrl),
    slack_file: optional(anything),
    alt_text: required(string(MAX.imageText)),
  }),
  overflow: element({ ...confirmable, options: required(list(plainOption, 1, MAX.overflowOptions)) }, distinctOptions),
  static_select: element({ ...picker, ...selectOptions, initial_option: optional(plainOption) }, eitherOptions),
  multi_static_select: element(
    { ...picker, ...multi, ...selectOptions, initial_options: optional(list(plainOption, 1, MAX.selectOptions)) },
    eitherOptions,
  ),
  users_select: element({ ...picker, initial_user: optional(string(40)) }),
  multi_users_select: element({ ...picker, ...multi, initial_users: ids }),
  channels_select: element({
    ...picker,
    initial_channel: optional(string(40)),
    response_url_enabled: optional(boolean),
  }),
  multi_channels_select: element({ ...picker, ...multi, initial_channels: ids }),
  conversations_select: element({
    ...picker,
    initial_conversation: optional(string(40)),
    default_to_current_conversation: optional(boolean),
    filter: optional(anything),
    response_url_enabled: optional(boolean),
  }),
  multi_conversations_select: element({
    ...picker,
    ...multi,
    initial_conversations: ids,
    default_to_current_conversation: optional(boolean),
    filter: optional(anything),
  }),
  external_select: element({
    ...picker,
    initial_option: optional(plainOption),
    min_query_length: optional(number(0)),
  }),
  multi_external_select: element({
    ...picker,
    ...multi,
    initial_options: optional(list(plainOption, 1, MAX.selectOptions)),
    min_query_length: optional(number(0)),
  }),
  checkboxes: element(
    {
      ...confirmable,
      ...focusable,
      options: required(list(choiceOption, 1, MAX.choiceOptions)),
      initial_options: optional(list(choiceOption, 1, MAX.choiceOptions)),
    },
    distinctOptions,
  ),
  radio_buttons: element(
    {
      ...confirmable,
      ...focusable,
      options: required(list(choiceOption, 1, MAX.choiceOptions)),
      initial_option: optional(choiceOption),
    },
    distinctOptions,
  ),
  datepicker: element({ ...picker, initial_date: optional(string(10, 10)) }),
  timepicker: element({ ...picker, initial_time: optional(string(5, 5)), timezone: optional(string(100)) }),
  datetimepicker: element({ ...confirmable, ...focusable, initial_date_time: optional(number(0)) }),
  plain_text_input: element({
    ...typed,
    multiline: optional(boolean),
    initial_value: optional(string(MAX.plainTextInput, 0)),
    min_length: optional(number(0, MAX.plainTextInput)),
    max_length: optional(number(1, MAX.plainTextInput)),
  }),
  number_input: element(
    {
      ...typed,
      is_decimal_allowed: required(boolean),
      initial_value: optional(anything),
      min_value: optional(anything),
      max_value: optional(anything),
    },
    numericBounds,
  ),
  email_text_input: element({ ...typed, initial_value: optional(string(MAX.plainTextInput)) }),
  url_text_input: element({ ...typed, initial_value: optional(string(MAX.plainTextInput)) }),
  rich_text_input: element({
    ...typed,
    initial_value: optional(anything),
    min_lines: optional(number(1, 100)),
    max_lines: optional(number(1, 100)),
  }),
  file_input: element({ filetypes: optional(list(string(20), 1, 100)), max_files: optional(number(1, 10)) }),
  workflow_button: element({
    text: required(plainText(MAX.buttonText)),
    workflow: required(anything),
    style: optional(oneOf(['primary', 'danger'])),
    accessibility_label: optional(string(MAX.accessibilityLabel)),
  }),
  feedback_buttons: element({ positive_button: required(feedback), negative_button: required(feedback) }),
  icon_button: element({
    ...confirmable,
    icon: required(string(75)),
    text: required(plainText(MAX.buttonText)),
    value: optional(string(MAX.buttonValue, 0)),
    accessibility_label: optional(string(MAX.accessibilityLabel)),
    visible_to_user_ids: ids,
  }),
};

/** The shapes of the named element types, for use with `byType`. */
export function elements(types: readonly string[]): Record<string, Check> {
  return Object.fromEntries(types.map((name) => [name, ELEMENT_SHAPES[name] as Check]));
}
