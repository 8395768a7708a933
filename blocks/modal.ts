import { visible } from './escape.ts';
import { cut, LIMITS } from './limits.ts';

/** A modal as Slack takes it. */
export interface Modal {
  readonly type: 'modal';
  readonly callback_id: string;
  readonly private_metadata: string;
  readonly title: object;
  readonly submit?: object;
  readonly close: object;
  readonly blocks: readonly object[];
}

/** Where an input stands in what is submitted. */
export interface InputId {
  readonly block: string;
  readonly action: string;
}

interface Asked {
  readonly id: InputId;
  readonly label: string;
  readonly hint?: string;
  readonly optional?: boolean;
}

function plain(text: string, max: number): object {
  return { type: 'plain_text', text: cut(visible(text), max) || '–', emoji: false };
}

/** `metadata` are ids that point to what the form is about; what they point to is judged anew at the submit. */
export function form(about: {
  readonly view: string;
  readonly title: string;
  readonly submit: string;
  readonly metadata: string;
  readonly blocks: readonly object[];
}): Modal {
  return {
    type: 'modal',
    callback_id: about.view,
    private_metadata: about.metadata,
    title: plain(about.title, LIMITS.viewTitle),
    submit: plain(about.submit, LIMITS.viewTitle),
    close: plain('Not now', LIMITS.viewTitle),
    blocks: about.blocks,
  };
}

/** A modal in which nothing is to be filled in. */
export function shownModal(view: string, title: string, blocks: readonly object[]): Modal {
  return {
    type: 'modal',
    callback_id: view,
    private_metadata: '',
    title: plain(title, LIMITS.viewTitle),
    close: plain('Close', LIMITS.viewTitle),
    blocks: blocks.slice(0, LIMITS.blocksPerView),
  };
}

export function textInput(
  asked: Asked & { readonly longest: number; readonly multiline?: boolean; readonly initial?: string },
): object {
  const { longest, multiline = false, initial } = asked;
  return input(asked, {
    type: 'plain_text_input',
    action_id: asked.id.action,
    multiline,
    ...(asked.optional === true ? {} : { min_length: 1 }),
    max_length: longest,
    ...(initial === undefined ? {} : { initial_value: initial }),
  });
}

/** One of a few; the first is chosen until somebody chooses another. */
export function choiceInput(
  asked: Asked & { readonly choices: readonly { readonly value: string; readonly words: string }[] },
): object {
  const options = asked.choices.map(({ value, words }) => option(value, words));
  return input(asked, {
    type: 'static_select',
    action_id: asked.id.action,
    options,
    ...(options[0] === undefined ? {} : { initial_option: options[0] }),
  });
}

/** One of those that are found while somebody types. */
export function searchInput(asked: Asked & { readonly placeholder: string }): object {
  return input(asked, {
    type: 'external_select',
    action_id: asked.id.action,
    min_query_length: 0,
    placeholder: plain(asked.placeholder, LIMITS.placeholder),
  });
}

export function option(value: string, words: string): object {
  return { value: value.slice(0, LIMITS.optionValue), text: plain(words, LIMITS.optionText) };
}

function input({ id, label, hint, optional }: Asked, element: object): object {
  return {
    type: 'input',
    block_id: id.block,
    label: plain(label, 200),
    element,
    ...(hint === undefined ? {} : { hint: plain(hint, 200) }),
    ...(optional === true ? { optional: true } : {}),
  };
}
