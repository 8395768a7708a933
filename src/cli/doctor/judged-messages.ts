import type { SlackSide } from '../compose-cli.ts';
import { type Need, ok, problem } from './need.ts';

/** Blocks to be judged, by what people call the message that they are of. */
export type Judged = readonly [what: string, message: { readonly blocks: readonly object[] }];

/** As many as a person reads; how many more there are is said. */
const MOST_NAMED = 5;
const REPORT = 'Report it with this line: the bot would fall back to plain text.';

/** Whether Slack takes each of these, asked one after the other and given up where it does not say. `fine`: in words. */
export async function judgedMessages(
  slack: Pick<SlackSide, 'blocks'>,
  name: string,
  messages: readonly Judged[],
  fine = messages.map(([what]) => what).join(', '),
): Promise<{ readonly need: Need; readonly answered: boolean }> {
  const refused: string[] = [];
  for (const [what, { blocks }] of messages) {
    const found = await slack.blocks(blocks);
    if (found.kind === 'unknown') {
      const why = `Slack does not say whether it takes ${what} (${found.why})`;
      return { need: problem(name, why, 'Try again later.'), answered: false };
    }
    if (found.value.length > 0) refused.push(`${what}: ${found.value.join('; ')}`);
  }
  if (refused.length === 0) return { need: ok(name, `Slack takes ${fine}`), answered: true };
  const more = refused.length - MOST_NAMED;
  const named = [...refused.slice(0, MOST_NAMED), ...(more > 0 ? [`and ${more} more`] : [])];
  return { need: problem(name, `Slack refuses ${named.join('\n')}`, REPORT), answered: true };
}
