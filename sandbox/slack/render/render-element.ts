import { isJsonObject, type JsonObject, objectsOf } from '../json.ts';

const plain = (value: unknown): string => (isJsonObject(value) ? String(value.text ?? '') : '');

/** An interactive element as its label in brackets. */
export function renderElement(element: JsonObject): string {
  switch (element.type) {
    case 'button':
    case 'icon_button':
    case 'workflow_button':
      return `[${plain(element.text)}]`;
    case 'overflow':
      return `[… ${optionTexts(element)}]`;
    case 'checkboxes':
      return objectsOf(element.options)
        .map((option) => `[ ] ${plain(option.text)}`)
        .join('  ');
    case 'radio_buttons':
      return objectsOf(element.options)
        .map((option) => `( ) ${plain(option.text)}`)
        .join('  ');
    case 'image':
      return `[image: ${element.alt_text}]`;
    case 'feedback_buttons':
      return [element.positive_button, element.negative_button]
        .map((one) => `[${isJsonObject(one) ? plain(one.text) : ''}]`)
        .join(' ');
    default:
      return `[${initialText(element) || plain(element.placeholder) || element.type} ▾]`;
  }
}

/** An input as `____`, or what it starts with. */
export function renderInput(element: JsonObject): string {
  const textual = ['plain_text_input', 'number_input', 'email_text_input', 'url_text_input'];
  if (!textual.includes(String(element.type))) return renderElement(element);
  return String(element.initial_value ?? '____');
}

function optionTexts(element: JsonObject): string {
  return objectsOf(element.options)
    .map((option) => plain(option.text))
    .join(' | ');
}

function initialText(element: JsonObject): string {
  return isJsonObject(element.initial_option) ? plain(element.initial_option.text) : '';
}
