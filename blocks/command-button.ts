import type { Command } from '../src/command-types.ts';
import { formatCommand } from '../src/format-command.ts';
import type { Button } from './block.ts';
import { COMMAND_ACTION } from './ids.ts';
import { LIMITS } from './limits.ts';

/**
 * A button that says a command: pressing it is typing what it carries, so it needs no meaning of its own and no
 * release can misread it. `place` tells it from the other such buttons of its block, 0 to 99. null where the words are
 * longer than Slack lets a button carry.
 */
export function commandButton(
  place: number,
  words: string,
  command: Command,
  look: Pick<Button, 'style' | 'confirm'> = {},
): Button | null {
  const value = formatCommand(command);
  if (value.length > LIMITS.buttonValue) return null;
  return { actionId: `${COMMAND_ACTION}.${place}`, text: words, value, ...look };
}
