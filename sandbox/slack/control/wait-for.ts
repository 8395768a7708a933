import type { SlackControl } from './slack-control.ts';

/** The longest single wait for a change. Also bounds how late a probe of something outside Slack is repeated. */
const LONGEST_NAP_MS = 250;

/**
 * Repeats a probe whenever the local Slack changed, until it answers something other than false, null or undefined.
 * @throws when the time is over, naming what was waited for
 */
export async function waitFor<T>(
  control: SlackControl,
  probe: (control: SlackControl) => Promise<T | false | null | undefined>,
  timeoutMs: number,
  what = 'what was waited for',
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const { revision } = await control.workspace();
    const found = await probe(control);
    if (found !== false && found !== null && found !== undefined) return found;
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) throw new Error(`${what} did not come within ${timeoutMs} ms`);
    await control.waitForChange({ after: revision, timeoutMs: Math.min(leftMs, LONGEST_NAP_MS) });
  }
}
