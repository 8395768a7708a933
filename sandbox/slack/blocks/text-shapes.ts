import { boolean, byType, type Check, list, oneOf, optional, required, shape, string } from './checks.ts';
import { BLOCK_LIMITS as MAX } from './limits.ts';

const type = required(oneOf(['plain_text', 'mrkdwn']));

export const plainText = (max: number): Check =>
  byType({ plain_text: shape({ type, text: required(string(max)), emoji: optional(boolean) }) });

export const mrkdwn = (max: number): Check =>
  byType({ mrkdwn: shape({ type, text: required(string(max)), verbatim: optional(boolean) }) });

/** A text object of either kind. */
export const text = (max: number): Check =>
  byType({
    plain_text: shape({ type, text: required(string(max)), emoji: optional(boolean) }),
    mrkdwn: shape({ type, text: required(string(max)), verbatim: optional(boolean) }),
  });

export const confirm: Check = shape({
  title: required(plainText(MAX.confirmTitle)),
  text: required(text(MAX.confirmText)),
  confirm: required(plainText(MAX.confirmButton)),
  deny: required(plainText(MAX.confirmButton)),
  style: optional(oneOf(['primary', 'danger'])),
});

const optionOf = (label: Check): Check =>
  shape({
    text: required(label),
    value: required(string(MAX.optionValue)),
    description: optional(label),
    url: optional(string(MAX.url)),
  });

/** An option of a select or an overflow menu: plain text only. */
export const plainOption = optionOf(plainText(MAX.optionText));
/** An option of radio buttons or checkboxes. */
export const choiceOption = optionOf(text(MAX.optionText));

export const optionGroup: Check = shape({
  label: required(plainText(MAX.optionText)),
  options: required(list(plainOption, 1, MAX.selectOptions)),
});
