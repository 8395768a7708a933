import { type JsonObject, objectsOf } from '../json.ts';
import { BLOCK_SHAPES } from './block-shapes.ts';
import { byType, type Problem, type Report } from './checks.ts';
import { interactiveElements } from './interactive-elements.ts';
import { BLOCK_LIMITS as MAX } from './limits.ts';
import { cellCharacters } from './table-shapes.ts';

export type Surface = 'message' | 'modal' | 'home';

const NOT_ON: Record<Surface, string[]> = {
  message: ['alert'],
  home: ['alert', 'context_actions', 'data_table', 'table', 'markdown', 'plan', 'task_card', 'file'],
  modal: [
    ...['card', 'carousel', 'container', 'context_actions', 'data_table'],
    ...['table', 'data_visualization', 'markdown', 'plan', 'task_card'],
  ],
};
const ELEMENTS_NOT_ON: Record<Surface, string[]> = {
  message: ['file_input', 'number_input', 'email_text_input', 'url_text_input'],
  home: [
    'file_input',
    'number_input',
    'email_text_input',
    'url_text_input',
    'workflow_button',
    'feedback_buttons',
    'icon_button',
  ],
  modal: ['workflow_button', 'feedback_buttons', 'icon_button'],
};
const COUNTED_APART = ['table', 'data_table', 'data_visualization', 'markdown'];
const anyBlock = byType(BLOCK_SHAPES);

/**
 * Judges blocks as Slack does when they are sent to a surface.
 * @param at JSON pointer of the list, as it stands in the arguments of the call
 * @returns every problem; empty when the blocks are fine
 */
export function validateBlocks(blocks: unknown, surface: Surface, at = '/blocks'): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (pointer, message) => problems.push({ pointer, message });
  if (!Array.isArray(blocks)) {
    report(at, 'must be an array');
    return problems;
  }
  if (blocks.length > MAX.blocksPerSurface[surface]) {
    report(at, `no more than ${MAX.blocksPerSurface[surface]} items allowed`);
  }
  blocks.forEach((block, index) => {
    anyBlock(block, `${at}/${index}`, report);
  });
  const known = objectsOf(blocks);
  checkSurface(known, surface, at, report);
  checkIds(known, at, report);
  if (surface === 'message') checkMessageTotals(known, at, report);
  return problems;
}

function checkSurface(blocks: JsonObject[], surface: Surface, at: string, report: Report): void {
  blocks.forEach((block, index) => {
    if (NOT_ON[surface].includes(String(block.type))) {
      report(`${at}/${index}/type`, `unsupported type: ${block.type} is not available in a ${surface}`);
    }
  });
  for (const { element, pointer } of interactiveElements(blocks, at)) {
    if (ELEMENTS_NOT_ON[surface].includes(String(element.type))) {
      report(`${pointer}/type`, `unsupported type: ${element.type} is not available in a ${surface}`);
    }
  }
}

/** Block ids are unique on a surface; action ids within their block, because a payload names both. */
function checkIds(blocks: JsonObject[], at: string, report: Report): void {
  const blockIds = new Set<unknown>();
  blocks.forEach((block, index) => {
    if (block.block_id === undefined) return;
    if (blockIds.has(block.block_id))
      report(`${at}/${index}/block_id`, `\`block_id\` "${block.block_id}" already exists`);
    blockIds.add(block.block_id);
  });
  const actions = new Map<JsonObject, Set<unknown>>();
  for (const { block, element, pointer } of interactiveElements(blocks, at)) {
    if (element.action_id === undefined) continue;
    const taken = actions.get(block) ?? new Set<unknown>();
    if (taken.has(element.action_id)) {
      report(`${pointer}/action_id`, `\`action_id\` "${element.action_id}" already exists for another element`);
    }
    actions.set(block, taken.add(element.action_id));
  }
}

function checkMessageTotals(blocks: JsonObject[], at: string, report: Report): void {
  const count = (...types: string[]) => blocks.filter((block) => types.includes(String(block.type))).length;
  if (count('table', 'data_table') > 1) report(at, 'only_one_table_allowed');
  if (count('data_visualization') > MAX.chartsPerMessage) {
    report(at, `no more than ${MAX.chartsPerMessage} data_visualization blocks allowed`);
  }
  if (count('plan') > 0 && count('task_card') > 0) report(at, 'plan and task_card are mutually exclusive');
  const markdown = blocks
    .filter((block) => block.type === 'markdown')
    .reduce((sum, block) => sum + cellCharacters(block), 0);
  if (markdown > MAX.markdownPerMessage) {
    report(at, `must be less than ${MAX.markdownPerMessage + 1} characters in all markdown blocks together`);
  }
}

/** The text of the blocks that share Slack's undocumented budget per message. */
export function countedCharacters(blocks: JsonObject[]): number {
  return blocks
    .filter((block) => !COUNTED_APART.includes(String(block.type)))
    .reduce((sum, block) => sum + allText(block), 0);
}

function allText(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, entry: unknown) => sum + allText(entry), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [name, member]) => sum + (name === 'text' && typeof member === 'string' ? member.length : allText(member)),
    0,
  );
}
