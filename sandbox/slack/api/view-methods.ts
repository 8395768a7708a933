import type { JsonObject } from '../json.ts';
import type { ViewRecord } from '../records.ts';
import type { SlackParts } from '../slack-parts.ts';
import { judgeView, openModal, publishHome, pushModal, shownView, updateView } from '../view-stack.ts';
import type { ApiMethod, ApiMethods } from './api-method.ts';
import type { CallArguments } from './call-arguments.ts';
import { invalidArguments, SlackApiError } from './slack-api-error.ts';

const method = (run: ApiMethod['run']): ApiMethod => ({ token: 'bot', scopes: [], limit: 'tier4', run });

function givenView(args: CallArguments): JsonObject {
  const view = args.object('view', 'invalid_arguments');
  if (!view) throw invalidArguments('missing required field: view');
  return view;
}

/** The view is judged first: a malformed one must not use up the trigger. */
function open(args: CallArguments, slack: SlackParts, show: typeof openModal): JsonObject {
  const triggerId = args.requiredText('trigger_id');
  const content = judgeView(givenView(args), 'modal');
  const { user } = slack.triggers.exchange(triggerId);
  return { view: shownView(slack.workspace, show(slack.workspace, user, content)) };
}

function findView(args: CallArguments, slack: SlackParts): ViewRecord {
  const id = args.text('view_id');
  const externalId = args.text('external_id');
  if (id === undefined && externalId === undefined) throw invalidArguments('missing required field: view_id');
  const view = slack.workspace.state.views.find(
    (one) => one.open && (id === undefined ? one.content.external_id === externalId : one.id === id),
  );
  if (!view) throw new SlackApiError('not_found');
  return view;
}

export const VIEW_METHODS: ApiMethods = {
  'views.open': method((args, slack) => open(args, slack, openModal)),
  'views.push': method((args, slack) => open(args, slack, pushModal)),
  'views.update': method((args, slack) => {
    const view = findView(args, slack);
    updateView(slack.workspace, view, judgeView(givenView(args), view.kind), args.text('hash'));
    return { view: shownView(slack.workspace, view) };
  }),
  'views.publish': method((args, slack) => {
    if (!slack.settings.homeTab) throw new SlackApiError('not_enabled');
    const user = slack.workspace.user(args.requiredText('user_id'));
    const content = judgeView(givenView(args), 'home');
    if (!user || user.deleted || user.isStranger) throw invalidArguments('invalid `user_id` [json-pointer:/user_id]');
    return { view: shownView(slack.workspace, publishHome(slack.workspace, user.id, content, args.text('hash'))) };
  }),
};
