import { SlackApiError } from '../api/slack-api-error.ts';
import { ControlError } from '../control/control-error.ts';
import type { ActResult, SubmitInput } from '../control/slack-control.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { ViewRecord } from '../records.ts';
import type { SlackParts } from '../slack-parts.ts';
import { closeModal, judgeView, openModals, pushModal, shownView, updateView, viewBlocks } from '../view-stack.ts';
import { beginAct, finishAct, unsent } from './act-result.ts';
import { actingPerson } from './acting-person.ts';
import { openView } from './click-element.ts';
import { enterValues, missingInputs } from './enter-values.ts';
import { interactionBase } from './payloads.ts';

const TROUBLE = 'We had some trouble connecting. Try again?';

/** A person fills in the modal on top and presses its submit button. */
export async function submitView(slack: SlackParts, input: SubmitInput): Promise<ActResult> {
  const user = actingPerson(slack, input.user);
  const view = openView(slack, user, input.viewId);
  const act = beginAct(slack, user.id, undefined, input.settleMs);
  if (view.kind !== 'modal') throw new ControlError('not_a_modal', 'a Home tab cannot be submitted');
  if (openModals(slack.workspace, user.id).at(-1) !== view) {
    throw new ControlError('view_is_covered', 'another modal lies on top of this one');
  }
  if (!view.content.submit) throw new ControlError('no_submit_button', 'this modal has no submit button');
  enterValues(view, input.values ?? {});
  const missing = missingInputs(view);
  if (Object.keys(missing).length > 0) return unsent(slack, act, 'incomplete', missing);
  const delivery = await slack.deliverer.deliver('interactive', {
    ...interactionBase(slack, user, 'view_submission'),
    trigger_id: slack.triggers.issue({ user: user.id, viewId: view.id }),
    view: shownView(slack.workspace, view),
    response_urls: [],
  });
  if (delivery.ack.outcome !== 'acknowledged') {
    return finishAct(slack, act, delivery.id, delivery.ack, { notice: TROUBLE });
  }
  return finishAct(slack, act, delivery.id, delivery.ack, obey(slack, view, delivery.ack.body));
}

/** Does what the acknowledgement asks for. An answer that Slack cannot use leaves the modal open. */
function obey(slack: SlackParts, view: ViewRecord, body: unknown): Pick<ActResult, 'errors' | 'notice'> {
  const { workspace } = slack;
  if (!isJsonObject(body) || body.response_action === undefined) {
    closeModal(workspace, view);
    return {};
  }
  try {
    switch (body.response_action) {
      case 'clear':
        closeModal(workspace, view, true);
        return {};
      case 'update':
        updateView(workspace, view, judgeView(body.view, 'modal'));
        return {};
      case 'push':
        pushModal(workspace, view.user, judgeView(body.view, 'modal'));
        return {};
      case 'errors':
        return { errors: fieldErrors(view, body.errors) };
      default:
        return { notice: `${TROUBLE} (unknown response_action ${String(body.response_action)})` };
    }
  } catch (error) {
    if (!(error instanceof SlackApiError)) throw error;
    return { notice: `${TROUBLE} (${error.code} ${JSON.stringify(error.detail)})` };
  }
}

function fieldErrors(view: ViewRecord, errors: unknown): Record<string, string> {
  if (!isJsonObject(errors)) throw new SlackApiError('invalid_response_action');
  const inputs = viewBlocks(view).filter((block) => block.type === 'input');
  const known = inputs.map((block) => String(block.block_id));
  const result: Record<string, string> = {};
  for (const [blockId, text] of Object.entries(errors)) {
    if (!known.includes(blockId) || typeof text !== 'string') {
      throw new SlackApiError('invalid_response_action', { block_id: blockId });
    }
    result[blockId] = text;
  }
  return result;
}

/** A person closes a modal with its close button, or all of them with the cross. */
export async function closeView(
  slack: SlackParts,
  input: { user: string; viewId: string; all?: boolean; settleMs?: number },
): Promise<ActResult> {
  const user = actingPerson(slack, input.user);
  const view = openView(slack, user, input.viewId);
  const act = beginAct(slack, user.id, undefined, input.settleMs);
  const all = input.all ?? false;
  closeModal(slack.workspace, view, all);
  if (view.content.notify_on_close !== true) return { ...unsent(slack, act, 'cancelled'), outcome: 'acknowledged' };
  const payload: JsonObject = {
    ...interactionBase(slack, user, 'view_closed'),
    view: shownView(slack.workspace, view),
    is_cleared: all || view.content.clear_on_close === true,
  };
  const delivery = await slack.deliverer.deliver('interactive', payload);
  return finishAct(slack, act, delivery.id, delivery.ack);
}
