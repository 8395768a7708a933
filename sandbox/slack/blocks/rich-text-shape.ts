import {
  anything,
  boolean,
  byType,
  type Check,
  type Field,
  list,
  number,
  oneOf,
  optional,
  required,
  shape,
  string,
} from './checks.ts';

const LONG = 12_000;
const style = optional(
  shape(
    Object.fromEntries(
      ['bold', 'italic', 'strike', 'code', 'underline', 'highlight', 'client_highlight', 'unlink'].map((name) => [
        name,
        optional(boolean),
      ]),
    ),
  ),
);
const part = (fields: Record<string, Field>): Check => shape({ type: required(anything), style, ...fields });

const textPart = part({ text: required(string(LONG)) });
const linkPart = part({ url: required(string(3000)), text: optional(string(LONG)), unsafe: optional(boolean) });

const inline = byType({
  text: textPart,
  link: linkPart,
  user: part({ user_id: required(string(40)) }),
  usergroup: part({ usergroup_id: required(string(40)) }),
  channel: part({ channel_id: required(string(40)) }),
  team: part({ team_id: required(string(40)) }),
  broadcast: part({ range: required(oneOf(['here', 'channel', 'everyone'])) }),
  color: part({ value: required(string(20)) }),
  emoji: part({
    name: required(string(100)),
    unicode: optional(string(100)),
    url: optional(string(3000)),
    skin_tone: optional(number(1, 6)),
  }),
  date: part({
    timestamp: required(number()),
    format: required(string(300)),
    url: optional(string(3000)),
    fallback: optional(string(300)),
  }),
});

const type = required(anything);
const border = optional(number(0, 1));
const section = shape({ type, elements: required(list(inline, 0, 1000)) });

/** What a rich_text block or cell holds. */
export const richTextElements: Check = list(
  byType({
    rich_text_section: section,
    rich_text_quote: shape({ type, elements: required(list(inline, 0, 1000)), border }),
    rich_text_preformatted: shape({
      type,
      elements: required(list(byType({ text: textPart, link: linkPart }), 0, 1000)),
      border,
      language: optional(string(40)),
    }),
    rich_text_list: shape({
      type,
      elements: required(list(byType({ rich_text_section: section }), 1, 1000)),
      style: required(oneOf(['bullet', 'ordered'])),
      indent: optional(number(0, 8)),
      offset: optional(number(0)),
      border,
    }),
  }),
  1,
  1000,
);

export const richTextBlock: Check = shape({
  type,
  block_id: optional(string(255)),
  elements: required(richTextElements),
});
