/** Commands that stand in a text, to their end: the closing backtick or the end of the text. */
const COMMANDS = /`(\/titanic [^`]*)`/g;

/**
 * A command of `/titanic` as it has to be typed where several services are configured. An id names its service already,
 * and `help` needs none.
 */
export function commandNaming(service: string, command: string): string {
  const [words = '', ...freeText] = command.split(' -- ');
  if (words.startsWith('/titanic help') || words.includes('--service') || hasId(words, service)) return command;
  return [`${words} --service ${service}`, ...freeText].join(' -- ');
}

/** The same for every command between backticks in a sentence. */
export function sentenceNaming(service: string, sentence: string): string {
  return sentence.replace(COMMANDS, (_, command: string) => `\`${commandNaming(service, command)}\``);
}

function hasId(words: string, service: string): boolean {
  return words
    .split(' ')
    .some((word) => word.startsWith(`${service}-`) && /^\d+$/.test(word.slice(service.length + 1)));
}
