/** A message with every block and element that Slack takes in messages, to see all of them drawn. */

const plain = (text: string) => ({ type: 'plain_text', text, emoji: true });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const option = (text: string, value: string) => ({ text: plain(text), value });
const options = [option('Staging', 'staging'), option('Prod', 'prod')];
const raw = (text: string) => ({ type: 'raw_text', text });
const line = (text: string) => ({ type: 'rich_text_section', elements: [{ type: 'text', text }] });

const WORDS = [
  { type: 'header', block_id: 'header', text: plain('Everything at once :ship:') },
  {
    type: 'section',
    block_id: 'marks',
    text: mrkdwn(
      '*bold* _italic_ ~struck~ `code` <https://example.com|a link> <@U0ALICE> <!subteam^S0APPROVERS> <#C0RANDOM> :rocket:\n&gt; a quote with &lt;!channel&gt; that calls nobody\n<!date^1700000000^{date_num} {time_secs}|once> snake_case_stays 2*3*4',
    ),
    accessory: {
      type: 'overflow',
      action_id: 'more',
      options: [option('Show the log', 'log'), option('Copy the id', 'id')],
    },
  },
  {
    type: 'section',
    block_id: 'fields',
    fields: [mrkdwn('*Model*\nversion 3'), mrkdwn('*Image*\nsha256:4f1d')],
  },
  {
    type: 'rich_text',
    block_id: 'rich',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: 'literal *stars* and <b>tags</b> ' },
          { type: 'text', text: 'bold', style: { bold: true } },
          { type: 'broadcast', range: 'here' },
          { type: 'emoji', name: 'anchor' },
        ],
      },
      { type: 'rich_text_list', style: 'bullet', elements: [line('one'), line('two')] },
      { type: 'rich_text_quote', elements: [{ type: 'text', text: 'said before' }] },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: '{"class": 3}' }] },
    ],
  },
  { type: 'divider', block_id: 'divider' },
  {
    type: 'markdown',
    block_id: 'markdown',
    text: '## A heading\n- **strong** and *leaning*\n- [a link](https://example.com)',
  },
  {
    type: 'image',
    block_id: 'image',
    image_url: 'https://example.com/plot.png',
    alt_text: 'A plot of latencies',
    title: plain('Latency'),
  },
];

const DATA = [
  {
    type: 'table',
    block_id: 'table',
    column_settings: [{ align: 'left' }, { align: 'right' }],
    rows: [
      [raw('Percentile'), raw('ms')],
      [raw('p50'), raw('9.5')],
      [raw('p95'), { type: 'rich_text', elements: [line('66')] }],
    ],
  },
  {
    type: 'data_visualization',
    block_id: 'bars',
    title: 'Latency of staging and prod',
    chart: {
      type: 'bar',
      axis_config: { categories: ['p50', 'p95', 'p99'], x_label: 'percentile', y_label: 'ms' },
      series: [
        {
          name: 'staging',
          data: [
            { label: 'p50', value: 9 },
            { label: 'p95', value: 66 },
            { label: 'p99', value: 97 },
          ],
        },
        {
          name: 'prod',
          data: [
            { label: 'p50', value: 7 },
            { label: 'p95', value: 41 },
            { label: 'p99', value: 80 },
          ],
        },
      ],
    },
  },
  {
    type: 'data_visualization',
    block_id: 'pie',
    title: 'Answers by version',
    chart: {
      type: 'pie',
      segments: [
        { label: 'version 1', value: 30 },
        { label: 'version 3', value: 70 },
      ],
    },
  },
];

const CONTROLS = [
  {
    type: 'actions',
    block_id: 'controls',
    elements: [
      { type: 'button', action_id: 'plain', text: plain('Plain'), value: '1' },
      { type: 'button', action_id: 'danger', text: plain('Danger'), style: 'danger', value: '1' },
      { type: 'static_select', action_id: 'one', placeholder: plain('Where to'), options },
      { type: 'multi_static_select', action_id: 'many', placeholder: plain('Where from'), options },
      { type: 'users_select', action_id: 'who', placeholder: plain('Who') },
      { type: 'datepicker', action_id: 'day', initial_date: '2026-11-23' },
      { type: 'timepicker', action_id: 'time', initial_time: '09:00' },
      { type: 'checkboxes', action_id: 'boxes', options },
      { type: 'radio_buttons', action_id: 'radio', options, initial_option: options[0] },
    ],
  },
  {
    type: 'card',
    block_id: 'card',
    title: mrkdwn('A card'),
    body: mrkdwn('with a body'),
    actions: [{ type: 'button', action_id: 'card-button', text: plain('Open') }],
  },
  {
    type: 'container',
    block_id: 'container',
    title: plain('A container'),
    is_collapsible: true,
    child_blocks: [{ type: 'context', block_id: 'inside', elements: [plain('inside it')] }],
  },
];

/** Slack takes one table and a few charts a message, so the gallery is three messages. */
export const GALLERY: readonly (readonly object[])[] = [WORDS, DATA, CONTROLS];
