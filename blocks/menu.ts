import type { Rendered } from '../src/ports/channel.ts';
import type { Standing } from '../src/rollout/input.ts';
import type { ServiceState } from '../src/rollout/state.ts';
import { tasksOf } from '../src/rollout/tasks.ts';
import { actions, type Button, blocksOf, context, paragraph } from './block.ts';
import { commandButton } from './command-button.ts';
import { doingButtons } from './doing-buttons.ts';
import { bold, code, fallbackText, type Line, text } from './inline.ts';
import { firstOf } from './limits.ts';
import { taskBlocks } from './task-blocks.ts';

/** Slack takes 50 blocks of a message. */
const MOST_TASKS = 5;
const MOST_SERVICES = 10;

/** What makes sense now for one person: what waits for them, and what they may begin and ask. */
export function menu(of: {
  readonly person: string;
  readonly standing: Standing;
  /** All that are configured. */
  readonly services: readonly string[];
  /** Those whose record could be read. */
  readonly states: readonly ServiceState[];
  readonly nowMs: number;
}): Rendered {
  const { standing, services } = of;
  const roles = standing.kind === 'member' && !standing.lastKnown ? standing : { approver: false, operator: false };
  const tasks = roles.approver
    ? of.states.flatMap((state) => tasksOf(state, of.person, of.nowMs).map((task) => ({ state, task })))
    : [];
  const { shown, more } = firstOf(tasks, MOST_TASKS);
  const listed = firstOf(services, MOST_SERVICES);
  const opening = openingLine(standing, tasks.length);
  const help: Line = [text('Everything that can be typed: '), code('/titanic help')];
  return {
    text: fallbackText([opening, help]),
    blocks: blocksOf(
      paragraph([opening]),
      ...shown.flatMap(({ state, task }) => taskBlocks(state, task)),
      more === 0 ? null : context(`… +${more}`),
      ...listed.shown.flatMap((service) => [
        services.length > 1 ? paragraph([[bold(service)]]) : null,
        actions([...doingButtons(service, roles), ...askingButtons(services.length > 1 ? { service } : {})]),
      ]),
      listed.more === 0 ? null : context(`… +${listed.more} more services: name one with --service`),
      paragraph([help]),
    ),
  };
}

function openingLine(standing: Standing, waiting: number): Line {
  if (standing.kind === 'unreadable') {
    return [text(`Slack could not say who is in the groups (${standing.why}), so only questions are offered here.`)];
  }
  if (waiting > 0) return [text(waiting === 1 ? 'One thing waits for you.' : `${waiting} things wait for you.`)];
  return [text('What would you like to do?')];
}

function askingButtons(of: { readonly service?: string }): readonly Button[] {
  return [
    commandButton(0, 'Status', { verb: 'status', ...of }),
    commandButton(1, 'History', { verb: 'history', count: 10, ...of }),
    commandButton(2, 'Models', { verb: 'models', ...of }),
    commandButton(3, 'Verify', { verb: 'verify', ...of }),
  ].filter((button) => button !== null);
}
