import { setTimeout as wait } from 'node:timers/promises';
import { type Rig, startRig, until } from '../contract/slack-edge-setup.ts';
import { createFastClock } from './fast-clock.ts';

/** What became of commands that were typed while Slack refreshed socket after socket. */
export interface Refreshed {
  readonly typed: number;
  readonly acknowledged: number;
  /** How many the core was asked, each counted once, and all in all. */
  readonly once: number;
  readonly asked: number;
  readonly refreshes: number;
  /** The fewest sockets that were open when something was typed. */
  readonly fewestSockets: number;
}

/** Waits between sockets are of ten seconds and more; here they pass so many times faster. */
const TIMES_FASTER = 25;
const AT_ONCE = 10;
const PENDING_MOST = 20;
/** Far above what it takes, because the machine may be busy. Milliseconds. */
const WORKED_WITHIN_MS = 15_000;
/** At least; each refresh waits until both are open. Milliseconds. */
const REFRESH_EVERY_MS = 100;
/** Below what one person may type in a minute. */
const EACH = 5;

/** Types `commands` over real WebSockets, and has Slack refresh one of them `refreshes` times meanwhile. */
export async function typeOverRefreshes(commands: number, refreshes: number): Promise<Refreshed> {
  const rig = await startRig({
    mode: 'socket',
    slack: { rateLimits: { enabled: false } },
    clock: createFastClock(TIMES_FASTER),
  });
  const { control } = rig.slack;
  const people = await putPeople(rig, Math.ceil(commands / EACH));
  // As Slack sees it and as the bot does: one that Slack has opened may not have been heard of yet.
  const both = async () => (await control.workspace()).sockets === 2 && (await openSockets(rig)) === 2;
  let typed = 0;
  let acknowledged = 0;
  let done = 0;
  let fewestSockets = Number.POSITIVE_INFINITY;

  async function typist(): Promise<void> {
    while (typed < commands) {
      const user = people[typed % people.length] ?? '';
      typed += 1;
      fewestSockets = Math.min(fewestSockets, (await control.workspace()).sockets);
      const { outcome } = await control.command({ user, channel: 'C0TITANIC', text: `smoke prod` });
      if (outcome === 'acknowledged') acknowledged += 1;
      // Nobody types on and on while what was typed before is still being worked on.
      await until(() => rig.core.asked.length + PENDING_MOST >= acknowledged, WORKED_WITHIN_MS);
    }
  }

  async function refresher(): Promise<void> {
    for (; done < refreshes; done += 1) {
      await until(both, WORKED_WITHIN_MS);
      await control.disconnectSockets({ reason: 'refresh_requested', count: 1 });
      await wait(REFRESH_EVERY_MS);
    }
  }

  await until(both, WORKED_WITHIN_MS);
  await Promise.all([...Array.from({ length: AT_ONCE }, typist), refresher()]);
  // Not left to the drain of a stop, which here is a hundred times shorter than it is.
  await until(() => rig.core.asked.length >= acknowledged, WORKED_WITHIN_MS);
  await rig.edge.stop();
  const keys = rig.core.asked.map(({ key }) => key);
  await rig.slack.close();
  return { typed, acknowledged, once: new Set(keys).size, asked: keys.length, refreshes: done, fewestSockets };
}

async function openSockets({ url }: Rig): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^titanic_slack_sockets (\d+)/m.exec(text)?.[1]);
}

async function putPeople({ slack }: Rig, count: number): Promise<readonly string[]> {
  const people = Array.from({ length: count }, (_, n) => `U0TYPIST${n}`);
  for (const id of people) await slack.control.putUser({ id });
  const channel = (await slack.control.workspace()).world.channels.find(({ id }) => id === 'C0TITANIC');
  await slack.control.putChannel({ id: 'C0TITANIC', members: [...(channel?.members ?? []), ...people] });
  // With a role, because all who have none share a limit.
  await slack.control.putGroup({ id: 'S0OPERATORS', users: [...people] });
  return people;
}
