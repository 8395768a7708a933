import { ControlError } from './control/control-error.ts';
import type { SlackControl } from './control/slack-control.ts';
import { isJsonObject, parseJson } from './json.ts';

export { ControlError } from './control/control-error.ts';
export type { ActResult, SeenMessage, SlackControl } from './control/slack-control.ts';
export { waitFor } from './control/wait-for.ts';

/** Longer than any wait that one request of the control may hold open. */
const TIMEOUT_MS = 40_000;

/**
 * The control over a local Slack in another process.
 * @param url what `RunningSlack.url` says
 */
export function createSlackControl(url: string): SlackControl {
  async function ask<T>(verb: string, input: object = {}): Promise<T> {
    const response = await fetch(`${url}/_control/${verb}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    const body = parseJson(text);
    if (response.ok) return body as T;
    const message = isJsonObject(body) ? String(body.message) : text;
    if (isJsonObject(body) && response.status === 409) throw new ControlError(String(body.error), message);
    throw new Error(`local Slack answered ${response.status} to ${verb}: ${message}`);
  }
  return {
    command: (input) => ask('command', input),
    click: (input) => ask('click', input),
    submitView: (input) => ask('submitView', input),
    closeView: (input) => ask('closeView', input),
    openHome: (input) => ask('openHome', input),
    shortcut: (input) => ask('shortcut', input),
    suggest: (input) => ask('suggest', input),
    say: (input) => ask('say', input),
    commandPayload: (input) => ask('commandPayload', input),
    clickPayload: (input) => ask('clickPayload', input),
    raw: (input) => ask('raw', input),
    replay: (input) => ask('replay', input),
    sendEvent: (input) => ask('sendEvent', input),
    verifyRequestUrl: () => ask('verifyRequestUrl'),
    putUser: (input) => ask('putUser', input),
    putGroup: (input) => ask('putGroup', input),
    putChannel: (input) => ask('putChannel', input),
    deleteMessage: (input) => ask('deleteMessage', input),
    addFault: (input) => ask('addFault', input),
    addDeliveryFault: (input) => ask('addDeliveryFault', input),
    clearFaults: () => ask('clearFaults'),
    setAway: (input) => ask('setAway', input),
    disconnectSockets: (input) => ask('disconnectSockets', input),
    enableLink: () => ask('enableLink'),
    setRateLimits: (input) => ask('setRateLimits', input),
    channel: (input) => ask('channel', input),
    message: (input) => ask('message', input),
    openViews: (input) => ask('openViews', input),
    home: (input) => ask('home', input),
    files: () => ask('files'),
    calls: (input) => ask('calls', input),
    deliveries: (input) => ask('deliveries', input),
    workspace: () => ask('workspace'),
    waitForChange: (input) => ask('waitForChange', input),
  };
}
