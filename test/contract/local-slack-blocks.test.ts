import { describe, expect, it } from 'vitest';
import { problemLine } from '../../sandbox/slack/blocks/checks.ts';
import { type Surface, validateBlocks } from '../../sandbox/slack/blocks/validate-blocks.ts';
import { isViewTooLarge, validateView } from '../../sandbox/slack/blocks/validate-view.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const button = (actionId: string, more: object = {}) => ({
  type: 'button',
  action_id: actionId,
  text: plain('Go'),
  ...more,
});
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const option = (value: string) => ({ text: plain(value), value });
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const problems = (blocks: unknown, surface: Surface = 'message') => validateBlocks(blocks, surface).map(problemLine);

const chart = (points: number, categories = points) => ({
  type: 'data_visualization',
  title: 'p95',
  chart: {
    type: 'line',
    series: [{ name: 'new', data: times(points, (index) => ({ label: `t${index}`, value: index })) }],
    axis_config: { categories: times(categories, (index) => `t${index}`) },
  },
});
const table = (rows: number, columns: number, text = 'x') => ({
  type: 'table',
  rows: times(rows, () => times(columns, () => ({ type: 'raw_text', text }))),
});

describe('block validation', () => {
  it('accepts one of everything that titanic may send', () => {
    const confirm = { title: plain('Sure?'), text: mrkdwn('*really*'), confirm: plain('Yes'), deny: plain('No') };
    const blocks = [
      { type: 'header', text: plain('Rollout') },
      {
        type: 'section',
        text: mrkdwn('text'),
        accessory: { type: 'overflow', action_id: 'more', options: [option('a')] },
      },
      { type: 'section', fields: [mrkdwn('*a*\n1'), plain('b')] },
      { type: 'divider' },
      {
        type: 'context',
        elements: [mrkdwn('step 3/7'), { type: 'image', image_url: 'https://example.com/a.png', alt_text: 'a' }],
      },
      { type: 'image', image_url: 'https://example.com/a.png', alt_text: 'chart' },
      actions(
        button('promote', { style: 'primary', value: 'r-1', confirm }),
        { type: 'static_select', action_id: 'version', placeholder: plain('Version'), options: [option('7')] },
        { type: 'users_select', action_id: 'who' },
        { type: 'checkboxes', action_id: 'checks', options: [option('a')] },
        { type: 'radio_buttons', action_id: 'radio', options: [option('a')] },
      ),
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_section',
            elements: [
              { type: 'text', text: 'hi', style: { bold: true } },
              { type: 'user', user_id: 'U0ALICE' },
            ],
          },
          {
            type: 'rich_text_list',
            style: 'bullet',
            elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] }],
          },
        ],
      },
      { ...table(2, 2), column_settings: [{ align: 'right', is_wrapped: true }] },
      { type: 'markdown', text: '# hi' },
      chart(3),
    ];
    expect(problems(blocks)).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    [
      'a header past 150',
      [{ type: 'header', text: plain('x'.repeat(151)) }],
      'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      'a header in mrkdwn',
      [{ type: 'header', text: mrkdwn('x') }],
      'unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]',
    ],
    ['a section past 3000', [{ type: 'section', text: mrkdwn('x'.repeat(3001)) }], 'must be less than 3001 characters'],
    ['a section without text', [{ type: 'section' }], 'missing required field: text [json-pointer:/blocks/0]'],
    ['an empty text', [{ type: 'section', text: mrkdwn('') }], 'must be more than 0 characters'],
    [
      'eleven fields',
      [{ type: 'section', fields: times(11, () => mrkdwn('x')) }],
      'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
    ],
    [
      'a field past 2000',
      [{ type: 'section', fields: [mrkdwn('x'.repeat(2001))] }],
      'must be less than 2001 characters',
    ],
    [
      'eleven context elements',
      [{ type: 'context', elements: times(11, () => mrkdwn('x')) }],
      'no more than 10 items allowed',
    ],
    ['26 actions', [actions(...times(26, (index) => button(`b${index}`)))], 'no more than 25 items allowed'],
    ['no actions', [actions()], 'must not be empty'],
    [
      'a button text past 75',
      [actions(button('b', { text: plain('x'.repeat(76)) }))],
      'must be less than 76 characters',
    ],
    [
      'a button value past 2000',
      [actions(button('b', { value: 'x'.repeat(2001) }))],
      'must be less than 2001 characters',
    ],
    ['an action id past 255', [actions(button('x'.repeat(256)))], 'must be less than 256 characters'],
    ['a made-up style', [actions(button('b', { style: 'green' }))], 'must be one of: primary, danger'],
    ['a made-up member', [actions(button('b', { disabled: true }))], 'invalid additional property: disabled'],
    [
      'two equal action ids in one block',
      [actions(button('b'), button('b'))],
      '`action_id` "b" already exists for another element',
    ],
    [
      'two equal block ids',
      [
        { type: 'divider', block_id: 'x' },
        { type: 'divider', block_id: 'x' },
      ],
      '`block_id` "x" already exists',
    ],
    ['an unknown block', [{ type: 'marquee' }], 'unsupported type: marquee [json-pointer:/blocks/0/type]'],
    ['an alert in a message', [{ type: 'alert', text: plain('x') }], 'alert is not available in a message'],
    ['51 blocks', times(51, () => ({ type: 'divider' })), 'no more than 50 items allowed [json-pointer:/blocks]'],
    ['101 table rows', [table(101, 1)], 'no more than 100 items allowed'],
    ['21 table columns', [table(1, 21)], 'no more than 20 items allowed'],
    ['an empty cell', [table(1, 1, '')], 'must be more than 0 characters'],
    ['a table past 10,000 characters', [table(11, 10, 'x'.repeat(100))], 'in all cells together'],
    ['two tables', [table(1, 1), table(1, 1)], 'only_one_table_allowed'],
    ['three charts', [chart(1), chart(1), chart(1)], 'no more than 2 data_visualization blocks allowed'],
    ['21 points', [chart(21)], 'no more than 20 items allowed'],
    ['a series that skips a category', [chart(2, 3)], 'must have exactly one data point per category'],
    [
      'a confirm text past 300',
      [
        actions(
          button('b', {
            confirm: { title: plain('t'), text: plain('x'.repeat(301)), confirm: plain('y'), deny: plain('n') },
          }),
        ),
      ],
      'must be less than 301 characters',
    ],
    [
      'an option text past 75',
      [actions({ type: 'static_select', action_id: 's', options: [option('x'.repeat(76))] })],
      'must be less than 76 characters',
    ],
    [
      '101 options',
      [actions({ type: 'static_select', action_id: 's', options: times(101, (index) => option(`o${index}`)) })],
      'no more than 100 items allowed',
    ],
    [
      '6 overflow options',
      [actions({ type: 'overflow', action_id: 's', options: times(6, (index) => option(`o${index}`)) })],
      'no more than 5 items allowed',
    ],
    [
      'markdown past 12,000 in all',
      [
        { type: 'markdown', text: 'x'.repeat(7000) },
        { type: 'markdown', text: 'x'.repeat(7000) },
      ],
      'in all markdown blocks together',
    ],
    ['blocks that are no list', { type: 'divider' }, 'must be an array [json-pointer:/blocks]'],
  ])('refuses %s', (_what, blocks, complaint) => {
    expect(problems(blocks).join('\n')).toContain(complaint);
  });

  it('lets equal action ids stand in different blocks, because a payload names both', () => {
    expect(problems([actions(button('b')), actions(button('b'))])).toEqual([]);
  });

  it('keeps tables out of modals and of Home, and alerts in modals', () => {
    expect(problems([table(1, 1)], 'home').join()).toContain('not available in a home');
    expect(problems([table(1, 1)], 'modal').join()).toContain('not available in a modal');
    expect(problems([{ type: 'alert', level: 'error', text: plain('x') }], 'modal')).toEqual([]);
  });
});

describe('view validation', () => {
  const view = (more: object = {}) => ({ type: 'modal', title: plain('Reject'), blocks: [], ...more });
  const faults = (more: object) => validateView(view(more), 'modal').map(problemLine).join('\n');
  const input = {
    type: 'input',
    label: plain('n'),
    element: { type: 'number_input', action_id: 'n', is_decimal_allowed: false },
  };

  it('refuses what a modal may not be', () => {
    expect(faults({})).toBe('');
    expect(faults({ title: plain('x'.repeat(25)) })).toContain(
      'must be less than 25 characters [json-pointer:/view/title/text]',
    );
    expect(faults({ submit: plain('x'.repeat(25)) })).toContain('must be less than 25 characters');
    expect(faults({ private_metadata: 'x'.repeat(3001) })).toContain('must be less than 3001 characters');
    expect(faults({ blocks: [input] })).toContain('missing required field: submit');
    expect(faults({ blocks: [input], submit: plain('Go') })).toBe('');
    expect(faults({ blocks: times(101, () => ({ type: 'divider' })) })).toContain('no more than 100 items allowed');
    expect(
      isViewTooLarge(view({ blocks: times(100, () => ({ type: 'section', text: mrkdwn('x'.repeat(2900)) })) })),
    ).toBe(true);
  });
});
