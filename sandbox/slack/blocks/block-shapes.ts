import type { JsonObject } from '../json.ts';
import { chartBlock } from './chart-shape.ts';
import {
  anything,
  boolean,
  byType,
  type Check,
  type Field,
  httpUrl,
  list,
  oneOf,
  optional,
  type Report,
  required,
  shape,
  string,
} from './checks.ts';
import { ELEMENT_SHAPES, elements } from './element-shapes.ts';
import { BLOCK_LIMITS as MAX } from './limits.ts';
import { richTextBlock } from './rich-text-shape.ts';
import { dataTableBlock, tableBlock } from './table-shapes.ts';
import { mrkdwn, plainText, text } from './text-shapes.ts';

const SELECTS = ['static', 'users', 'channels', 'conversations', 'external'].flatMap((kind) => [
  `${kind}_select`,
  `multi_${kind}_select`,
]);
const CHOICES = ['checkboxes', 'radio_buttons', 'datepicker', 'timepicker', ...SELECTS];
const IN_ACTIONS = ['button', 'overflow', 'workflow_button', 'datetimepicker', 'rich_text_input', ...CHOICES];
const IN_SECTION = ['button', 'overflow', 'workflow_button', 'image', ...CHOICES];
const IN_INPUT = [
  'plain_text_input',
  'number_input',
  'email_text_input',
  'url_text_input',
  'rich_text_input',
  'file_input',
  'datetimepicker',
  ...CHOICES,
];

function block(fields: Record<string, Field>, extra?: Parameters<typeof shape>[1]): Check {
  return shape({ type: required(anything), block_id: optional(string(MAX.idLength)), ...fields }, extra);
}

function imageSource(value: JsonObject, at: string, report: Report): void {
  const given = ['image_url', 'slack_file'].filter((name) => value[name] !== undefined);
  if (given.length !== 1) report(at, 'must have exactly one of image_url and slack_file');
}

const image = ELEMENT_SHAPES.image as Check;
const card = block(
  {
    hero_image: optional(image),
    icon: optional(image),
    title: optional(mrkdwn(MAX.cardTitle)),
    subtitle: optional(mrkdwn(MAX.cardTitle)),
    body: optional(mrkdwn(MAX.cardBody)),
    actions: optional(list(byType(elements(['button'])), 1, MAX.contextActionsElements)),
  },
  (value, at, report) => {
    if (!['hero_image', 'title', 'actions', 'body'].some((name) => value[name] !== undefined)) {
      report(at, 'must have at least one of hero_image, title, actions, body');
    }
  },
);

const task = block({
  task_id: required(string(MAX.idLength)),
  title: required(string(256)),
  details: optional(richTextBlock),
  output: optional(richTextBlock),
  sources: optional(anything),
  // `pending` passes Slack's validator, but the live API refuses it in a card of its own.
  status: required(oneOf(['in_progress', 'complete', 'error'])),
});

/** Every block type the local Slack knows. */
export const BLOCK_SHAPES: Record<string, Check> = {
  section: block(
    {
      text: optional(text(MAX.sectionText)),
      fields: optional(list(text(MAX.sectionFieldText), 1, MAX.sectionFields)),
      accessory: optional(byType(elements(IN_SECTION))),
      expand: optional(boolean),
    },
    (value, at, report) => {
      if (value.text === undefined && value.fields === undefined) report(at, 'missing required field: text');
    },
  ),
  header: block({ text: required(plainText(MAX.headerText)) }),
  divider: block({}),
  context: block({
    elements: required(
      list(
        byType({ plain_text: plainText(MAX.contextText), mrkdwn: mrkdwn(MAX.contextText), image }),
        1,
        MAX.contextElements,
      ),
    ),
  }),
  image: block(
    {
      image_url: optional(httpUrl),
      slack_file: optional(anything),
      alt_text: required(string(MAX.imageText)),
      title: optional(plainText(MAX.imageText)),
    },
    imageSource,
  ),
  actions: block({ elements: required(list(byType(elements(IN_ACTIONS)), 1, MAX.actionsElements)) }),
  context_actions: block({
    elements: required(list(byType(elements(['feedback_buttons', 'icon_button'])), 1, MAX.contextActionsElements)),
  }),
  input: block({
    label: required(plainText(MAX.inputLabel)),
    element: required(byType(elements(IN_INPUT))),
    hint: optional(plainText(MAX.inputLabel)),
    optional: optional(boolean),
    dispatch_action: optional(boolean),
  }),
  rich_text: richTextBlock,
  table: tableBlock,
  data_table: dataTableBlock,
  markdown: block({ text: required(string(MAX.markdownPerMessage)) }),
  data_visualization: chartBlock,
  alert: block({
    text: required(text(MAX.alertText)),
    level: optional(oneOf(['default', 'info', 'warning', 'error', 'success'])),
  }),
  card,
  carousel: block({ elements: required(list(byType({ card }), 1, MAX.carouselCards)) }),
  task_card: task,
  plan: block({ title: required(string(256)), tasks: optional(list(byType({ task_card: task }), 0, 50)) }),
};

const CONTAINED = ['actions', 'context', 'divider', 'header', 'image', 'input', 'rich_text', 'section', 'table'];

BLOCK_SHAPES.container = block(
  {
    title: optional(plainText(MAX.containerTitle)),
    rich_text_title: optional(richTextBlock),
    subtitle: optional(text(MAX.containerTitle)),
    child_blocks: required(
      list(
        byType(Object.fromEntries(CONTAINED.map((name) => [name, BLOCK_SHAPES[name] as Check]))),
        1,
        MAX.containerChildren,
      ),
    ),
    width: optional(oneOf(['narrow', 'standard', 'wide', 'full'])),
    icon: optional(image),
    is_collapsible: optional(boolean),
    default_collapsed: optional(boolean),
    has_header_divider: optional(boolean),
  },
  (value, at, report) => {
    if (value.title === undefined && value.rich_text_title === undefined) report(at, 'missing required field: title');
  },
);
