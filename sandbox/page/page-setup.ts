import { COMMAND } from '../../blocks/ids.ts';
import { USAGE, VERBS } from '../../src/command-usage.ts';
import { MANIFEST_SHORTCUTS } from '../slack/settings.ts';
import { CHANNEL, FIRST_PERSON, SERVICE } from './names.ts';
import type { PageSetup } from './wire.ts';

/** The words of the slash command are those of the parser's own table. */
export function pageSetup(): PageSetup {
  return {
    command: COMMAND,
    commandWords: VERBS.map((verb) => {
      const { words, does, word, options } = USAGE[verb];
      return { verb, words, does, word, options };
    }),
    shortcuts: MANIFEST_SHORTCUTS,
    service: SERVICE,
    channel: CHANNEL,
    firstPerson: FIRST_PERSON,
  };
}
