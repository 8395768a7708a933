import { list, type Problem } from '../blocks/checks.ts';
import { BLOCK_LIMITS } from '../blocks/limits.ts';
import { optionGroup, plainOption } from '../blocks/text-shapes.ts';
import { ControlError } from '../control/control-error.ts';
import type { SuggestInput, Suggested } from '../control/slack-control.ts';
import { isJsonObject, type JsonObject, objectsOf } from '../json.ts';
import type { SlackParts } from '../slack-parts.ts';
import { shownView, viewBlocks } from '../view-stack.ts';
import { actingPerson } from './acting-person.ts';
import { openView } from './click-element.ts';
import { findElement } from './find-element.ts';
import { interactionBase } from './payloads.ts';

/** A person types into a menu whose options the app searches. What it answers can be chosen from then on. */
export async function suggestOptions(slack: SlackParts, input: SuggestInput): Promise<Suggested> {
  const user = actingPerson(slack, input.user);
  const view = openView(slack, user, input.viewId);
  const { block, element } = findElement(viewBlocks(view), { user: input.user, actionId: input.actionId });
  if (!String(element.type).endsWith('external_select')) {
    throw new ControlError('not_searched', `${input.actionId} has options of its own`);
  }
  // Slack does not ask before so much is typed; without a number it waits for three.
  const shortest = typeof element.min_query_length === 'number' ? element.min_query_length : 3;
  if (input.typed.length < shortest) return { outcome: 'not_asked', options: [], latencyMs: 0 };
  const { ack } = await slack.deliverer.deliver('interactive', {
    ...interactionBase(slack, user, 'block_suggestion'),
    container: { type: 'view', view_id: view.id },
    action_id: String(element.action_id),
    block_id: String(block.block_id),
    value: input.typed,
    view: shownView(slack.workspace, view),
  });
  if (ack.outcome !== 'acknowledged') return { outcome: ack.outcome, options: [], latencyMs: ack.latencyMs };
  const { options, problems } = judged(ack.body);
  if (problems.length > 0) {
    return { outcome: 'unusable', options: [], latencyMs: ack.latencyMs, problems: problems.map(wordsOf) };
  }
  view.offered = { ...view.offered, [String(element.action_id)]: options };
  slack.workspace.touch();
  return { outcome: 'acknowledged', options, latencyMs: ack.latencyMs };
}

/** Exactly one of `options` and `option_groups`, as Slack wants them; else the menu stays empty. */
function judged(body: unknown): { options: JsonObject[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const report = (pointer: string, message: string) => problems.push({ pointer, message });
  if (!isJsonObject(body)) return { options: [], problems: [{ pointer: '', message: 'must be an object' }] };
  const given = ['options', 'option_groups'].filter((name) => body[name] !== undefined);
  if (given.length !== 1) report('', 'must have exactly one of options and option_groups');
  if (body.options !== undefined) list(plainOption, 0, BLOCK_LIMITS.selectOptions)(body.options, '/options', report);
  if (body.option_groups !== undefined) {
    list(optionGroup, 0, BLOCK_LIMITS.optionGroups)(body.option_groups, '/option_groups', report);
  }
  const groups = objectsOf(body.option_groups);
  return { options: [...objectsOf(body.options), ...groups.flatMap((group) => objectsOf(group.options))], problems };
}

const wordsOf = ({ pointer, message }: Problem) => `${pointer}: ${message}`;
