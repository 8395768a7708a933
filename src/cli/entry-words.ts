import { isAbout } from '../rollout/entry-about.ts';
import { eventWords } from '../rollout/entry-words.ts';
import type { Entry } from '../rollout/events.ts';
import { plain } from './answers.ts';

/** What an entry tells somebody who follows a rollout or a rollback, a line each. Times are of UTC. */
export function entryLines(entry: Entry, subject: string): readonly string[] {
  if (!isAbout(entry, subject)) return [];
  return entry.events.flatMap((event) => {
    const words = eventWords(event);
    return words === null ? [] : [`${entry.at.slice(11, 19)}Z  ${plain(words)}`];
  });
}
