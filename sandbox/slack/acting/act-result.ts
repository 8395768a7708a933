import { seeMessage } from '../control/see-message.ts';
import type { ActResult } from '../control/slack-control.ts';
import type { Acknowledgement } from '../delivery/acknowledgement.ts';
import type { SlackParts } from '../slack-parts.ts';
import { openModals, shownView } from '../view-stack.ts';

/** However busy the channel is, `settleMs` never holds an answer longer than this. */
const LONGEST_SETTLE_MS = 5000;

export interface Act {
  user: string;
  channel?: string;
  /** The newest message timestamp before the person acted. */
  afterMicros: number;
  settleMs: number;
  /** Whether the person has what they waited for; absent: a message of the app, or a modal. */
  answered?: () => boolean;
}

export function beginAct(slack: SlackParts, user: string, channel: string | undefined, settleMs = 0): Act {
  return { user, ...(channel ? { channel } : {}), afterMicros: slack.workspace.state.lastTsMicros, settleMs };
}

/** Gathers what the person sees once the app has answered and things have settled. */
export async function finishAct(
  slack: SlackParts,
  act: Act,
  deliveryId: number,
  ack: Acknowledgement,
  more: Pick<ActResult, 'errors' | 'notice'> = {},
): Promise<ActResult> {
  await settle(slack, act);
  return {
    deliveryId,
    outcome: ack.outcome,
    latencyMs: ack.latencyMs,
    ...more,
    ...whatIsSeen(slack, act),
  };
}

/** The result of something that never reached the app. */
export function unsent(
  slack: SlackParts,
  act: Act,
  outcome: 'cancelled' | 'incomplete',
  errors?: Record<string, string>,
): ActResult {
  return { deliveryId: 0, outcome, latencyMs: 0, ...(errors ? { errors } : {}), ...whatIsSeen(slack, act) };
}

function whatIsSeen({ workspace }: SlackParts, act: Act): Pick<ActResult, 'responses' | 'view'> {
  const top = openModals(workspace, act.user).at(-1);
  const responses = workspace.state.messages
    .filter((message) => message.botId && !message.deleted && micros(message.ts) > act.afterMicros)
    .filter((message) => message.ephemeralTo === act.user || (!message.ephemeralTo && message.channel === act.channel))
    .map((message) => seeMessage(workspace, message));
  return { responses, ...(top ? { view: shownView(workspace, top) } : {}) };
}

const micros = (ts: string) => Number(ts.replace('.', ''));

/** Until the person sees an answer, and then until nothing changes any more. */
async function settle(slack: SlackParts, act: Act): Promise<void> {
  const { settleMs } = act;
  if (settleMs <= 0) return;
  const { workspace } = slack;
  const deadline = performance.now() + LONGEST_SETTLE_MS;
  let seen = workspace.revision();
  while (performance.now() < deadline) {
    const now = await workspace.waitForChange(seen, settleMs);
    if (now === seen && (act.answered?.() ?? seesAnAnswer(slack, act))) return;
    seen = now;
  }
}

function seesAnAnswer(slack: SlackParts, act: Act): boolean {
  const { responses, view } = whatIsSeen(slack, act);
  return responses.length > 0 || view !== undefined;
}
