import { openDirectMessage } from '../api/find-channel.ts';
import { ControlError } from '../control/control-error.ts';
import type { ActResult } from '../control/slack-control.ts';
import { sendEvent } from '../delivery/send-event.ts';
import type { SlackParts } from '../slack-parts.ts';
import { shownView } from '../view-stack.ts';
import { beginAct, finishAct } from './act-result.ts';
import { actingPerson } from './acting-person.ts';

/** A person opens the app's Home tab. */
export async function openHome(
  slack: SlackParts,
  input: { user: string; settleMs?: number },
  signal: AbortSignal,
): Promise<ActResult> {
  const user = actingPerson(slack, input.user);
  if (!slack.settings.homeTab) throw new ControlError('no_home', 'the app has no Home tab');
  const { workspace } = slack;
  const homeOf = () => workspace.state.views.find((view) => view.kind === 'home' && view.user === user.id);
  const act = { ...beginAct(slack, user.id, undefined, input.settleMs), answered: () => homeOf() !== undefined };
  const home = homeOf();
  const event = {
    type: 'app_home_opened',
    user: user.id,
    channel: openDirectMessage(workspace, user.id).id,
    tab: 'home',
    ...(home ? { view: shownView(workspace, home) } : {}),
    event_ts: (workspace.now() / 1000).toFixed(6),
  };
  const ack = await sendEvent(slack, event, signal);
  return finishAct(slack, act, 0, ack ?? { outcome: 'acknowledged', latencyMs: 0 });
}
