import { randomBytes } from 'node:crypto';
import { actingPerson } from '../acting/acting-person.ts';
import { clickElement, prepareClick } from '../acting/click-element.ts';
import { giveCommand, prepareCommand } from '../acting/give-command.ts';
import { openHome } from '../acting/open-home.ts';
import { sayWords } from '../acting/say-words.ts';
import { closeView, submitView } from '../acting/submit-view.ts';
import { suggestOptions } from '../acting/suggest-options.ts';
import { useShortcut } from '../acting/use-shortcut.ts';
import { sendEvent } from '../delivery/send-event.ts';
import { sendRequest } from '../delivery/send-request.ts';
import { signedRequest } from '../delivery/signed-request.ts';
import type { SlackParts } from '../slack-parts.ts';
import { openModals, shownView } from '../view-stack.ts';
import { putChannel, putGroup, putUser } from './change-world.ts';
import { ControlError } from './control-error.ts';
import { seeFile, seeMessage } from './see-message.ts';
import type { SlackControl } from './slack-control.ts';

/** The longest wait one request may hold open. */
const MAX_WAIT_MS = 30_000;

/**
 * The control over a local Slack in this process.
 * @param signal ends what goes on in the background, such as retries of events
 */
export function createLocalControl(slack: SlackParts, signal: AbortSignal): SlackControl {
  return { ...acting(slack, signal), ...changing(slack, signal), ...breaking(slack), ...looking(slack) };
}

type Verbs<Names extends keyof SlackControl> = Pick<SlackControl, Names>;

function acting(
  slack: SlackParts,
  signal: AbortSignal,
): Verbs<
  | 'command'
  | 'click'
  | 'submitView'
  | 'closeView'
  | 'openHome'
  | 'shortcut'
  | 'suggest'
  | 'say'
  | 'commandPayload'
  | 'clickPayload'
  | 'raw'
  | 'replay'
  | 'sendEvent'
  | 'verifyRequestUrl'
> {
  return {
    command: (input) => giveCommand(slack, input),
    click: (input) => clickElement(slack, input),
    submitView: (input) => submitView(slack, input),
    closeView: (input) => closeView(slack, input),
    openHome: (input) => openHome(slack, input, signal),
    shortcut: (input) => useShortcut(slack, input),
    suggest: (input) => suggestOptions(slack, input),
    say: (input) => sayWords(slack, input, signal),
    commandPayload: async (input) => prepareCommand(slack, input),
    async clickPayload(input) {
      const payload = prepareClick(slack, actingPerson(slack, input.user), input);
      if (payload === 'stop') throw new ControlError('cancelled', 'nothing is sent after a no');
      return payload;
    },
    raw: ({ kind, payload, tampering, retry }) => slack.deliverer.deliver(kind, payload, { tampering, retry }),
    async replay({ deliveryId }) {
      try {
        return await slack.deliverer.replay(deliveryId);
      } catch (error) {
        throw new ControlError('cannot_replay', error instanceof Error ? error.message : String(error));
      }
    },
    async sendEvent({ event }) {
      const ack = await sendEvent(slack, event, signal);
      return { outcome: ack?.outcome ?? 'not_subscribed' };
    },
    async verifyRequestUrl() {
      const { requestUrl, signingSecret, verificationToken } = slack.settings;
      if (!requestUrl) throw new ControlError('no_request_url', 'the app is in Socket Mode');
      const challenge = randomBytes(16).toString('hex');
      const payload = { token: verificationToken, challenge, type: 'url_verification' };
      const request = signedRequest('events_api', payload, signingSecret, slack.workspace.now(), undefined);
      const { status, body } = await sendRequest(requestUrl, request);
      return { verified: status === 200 && body.includes(challenge), status };
    },
  };
}

function changing(
  slack: SlackParts,
  signal: AbortSignal,
): Verbs<'putUser' | 'putGroup' | 'putChannel' | 'deleteMessage'> {
  return {
    putUser: async (input) => putUser(slack, input),
    putGroup: async (input) => putGroup(slack, input, signal),
    putChannel: async (input) => putChannel(slack, input),
    async deleteMessage({ channel, ts }) {
      const record = slack.workspace.message(channel, ts);
      if (record) record.deleted = true;
      slack.workspace.touch();
      return { deleted: record !== undefined };
    },
  };
}

function breaking(
  slack: SlackParts,
): Verbs<
  'addFault' | 'addDeliveryFault' | 'clearFaults' | 'setAway' | 'disconnectSockets' | 'enableLink' | 'setRateLimits'
> {
  const { faults, sockets, limiter } = slack;
  return {
    addFault: async (input) => ({ faultId: faults.addApi(input) }),
    async addDeliveryFault(input) {
      faults.addDelivery(input);
      return { added: true };
    },
    async clearFaults() {
      faults.clear();
      return { cleared: true };
    },
    async setAway({ away }) {
      faults.setAway(away);
      if (away) sockets.cut();
      slack.workspace.touch();
      return { away };
    },
    async disconnectSockets({ reason, count = sockets.count() }) {
      const ended = Math.min(count, sockets.count());
      if (reason === 'cut') sockets.cut(count);
      else sockets.disconnect(reason, count);
      return { sockets: ended };
    },
    async enableLink() {
      sockets.enableLink();
      return { enabled: true };
    },
    async setRateLimits(input) {
      Object.assign(limiter.limits, input);
      limiter.forget();
      return { set: true };
    },
  };
}

function looking(
  slack: SlackParts,
): Verbs<
  'channel' | 'message' | 'openViews' | 'home' | 'files' | 'calls' | 'deliveries' | 'workspace' | 'waitForChange'
> {
  const { workspace } = slack;
  return {
    async channel({ channel, as, afterTs, deleted }) {
      const found = workspace.channel(channel);
      if (!found) throw new ControlError('no_such_channel', `there is no channel ${channel}`);
      return workspace.state.messages
        .filter((message) => message.channel === found.id && (deleted === true || !message.deleted))
        .filter((message) => afterTs === undefined || message.ts > afterTs)
        .filter((message) => message.ephemeralTo === undefined || as === '*' || message.ephemeralTo === as)
        .map((message) => seeMessage(workspace, message));
    },
    async message({ channel, ts }) {
      const record = workspace.message(workspace.channel(channel)?.id ?? channel, ts);
      return record ? seeMessage(workspace, record) : null;
    },
    openViews: async ({ user }) => openModals(workspace, user).map((view) => shownView(workspace, view)),
    async home({ user }) {
      const home = workspace.state.views.find((view) => view.kind === 'home' && view.user === user);
      return home ? shownView(workspace, home) : null;
    },
    files: async () => workspace.state.files.filter((file) => file.complete).map(seeFile),
    calls: async (input = {}) => slack.callLog.list(input),
    deliveries: async ({ afterId = 0 } = {}) => slack.deliverer.list().filter((delivery) => delivery.id > afterId),
    workspace: async () => ({
      world: structuredClone(workspace.world),
      transport: slack.settings.requestUrl ? 'http' : 'socket',
      sockets: slack.sockets.count(),
      away: slack.faults.isAway(),
      revision: workspace.revision(),
    }),
    async waitForChange({ after, timeoutMs }) {
      return { revision: await workspace.waitForChange(after, Math.min(timeoutMs, MAX_WAIT_MS)) };
    },
  };
}
