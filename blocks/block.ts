import { visible } from './escape.ts';
import { type Line, richElements } from './inline.ts';
import { cut, LIMITS, PIECES } from './limits.ts';

/** The few kinds of Block Kit blocks that titanic uses. Outside text goes into plain text, rich text or raw cells. */

function plain(text: string, max: number): object {
  // Without `emoji: false` Slack turns `:name:` of outside text into pictures.
  return { type: 'plain_text', text: cut(visible(text), max) || '–', emoji: false };
}

export function header(text: string): object {
  return { type: 'header', text: plain(text, LIMITS.headerText) };
}

export function divider(): object {
  return { type: 'divider' };
}

/** Lines in one block, as many as fit into `most` characters; null where there is nothing to say. */
export function paragraph(lines: readonly Line[], most: number = PIECES.paragraph): object | null {
  const elements = richElements(fitting(lines, most));
  if (elements.length === 0) return null;
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

function fitting(lines: readonly Line[], most: number): readonly Line[] {
  let budget = most;
  const shown = lines.findIndex((line) => {
    budget -= line.reduce((sum, inline) => sum + (inline.kind === 'text' ? inline.text.length : 40), 1);
    return budget < 0;
  });
  return shown < 0 ? lines : [...lines.slice(0, shown), [{ kind: 'text', text: `… +${lines.length - shown}` }]];
}

export function context(text: string): object {
  return { type: 'context', elements: [plain(text, LIMITS.sectionText)] };
}

/** A mention that was made of configuration, never of outside text: the only mrkdwn there is. */
export function mention(mrkdwn: string): object {
  return { type: 'section', text: { type: 'mrkdwn', text: mrkdwn, verbatim: true } };
}

export interface Confirm {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly danger: boolean;
}

export interface Button {
  readonly actionId: string;
  readonly text: string;
  /** An id, or the words of a command (`command-button.ts`), and nothing else: the record is the truth. */
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: Confirm;
}

function button(b: Button): object {
  return {
    type: 'button',
    action_id: b.actionId,
    text: plain(b.text, LIMITS.buttonText),
    value: b.value,
    ...(b.style === undefined ? {} : { style: b.style }),
    ...(b.confirm === undefined
      ? {}
      : {
          confirm: {
            title: plain(b.confirm.title, LIMITS.confirmTitle),
            text: plain(b.confirm.text, LIMITS.confirmText),
            confirm: plain(b.confirm.confirm, LIMITS.confirmButton),
            deny: plain('Not now', LIMITS.confirmButton),
            ...(b.confirm.danger ? { style: 'danger' } : {}),
          },
        }),
  };
}

/** null: no buttons. */
export function actions(buttons: readonly Button[]): object | null {
  return buttons.length === 0 ? null : { type: 'actions', elements: buttons.map(button) };
}

/** A cell is text, or a line where a person or a moment is to be shown as such. */
export type Cell = string | Line;

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly wrapped?: boolean;
}

function cell(value: Cell, max: number): object {
  if (typeof value === 'string') return { type: 'raw_text', text: cut(visible(value), max) || '–' };
  const elements = richElements([value]);
  if (elements.length === 0) return { type: 'raw_text', text: '–' };
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

/** Slack takes one table a message. Rows beyond what it takes are counted in a last one. */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[], maxCell = 200): object {
  const shown: object[][] = [columns.map((column) => cell(column.title, 40))];
  let budget = LIMITS.tableText - 200 - columns.reduce((sum, column) => sum + column.title.length, 0);
  for (const [index, row] of rows.entries()) {
    const made = row.map((value) => cell(value, maxCell));
    budget -= JSON.stringify(made).length;
    if (budget < 0 || shown.length >= LIMITS.tableRows - 1) {
      shown.push(columns.map((_, column) => cell(column === 0 ? `… +${rows.length - index}` : '', 40)));
      break;
    }
    shown.push(made);
  }
  return {
    type: 'table',
    column_settings: columns.map((column) => ({ align: column.align ?? 'left', is_wrapped: column.wrapped ?? false })),
    rows: shown,
  };
}

/** Drops what there is nothing of. */
export function blocksOf(...blocks: readonly (object | null)[]): readonly object[] {
  return blocks.filter((block) => block !== null);
}
