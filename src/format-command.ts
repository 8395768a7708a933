import type { Command } from './command-types.ts';
import { durationText, timeText } from './command-values.ts';

/** The command in words that `parseCommand` reads as the same command: for hints, confirmations and the record. */
export function formatCommand(command: Command): string {
  const { words, freeText } = partsOf(command);
  const service = command.service === undefined ? [] : ['--service', command.service];
  const text = freeText === undefined ? [] : ['--', freeText];
  return [command.verb, ...words, ...service, ...text].join(' ');
}

type Parts = { readonly words: readonly string[]; readonly freeText?: string | undefined };

function partsOf(command: Command): Parts {
  switch (command.verb) {
    case 'deploy': {
      const { environment, model, note } = command;
      const chosen = model?.kind === 'version' ? String(model.version) : model?.arn;
      return { words: [environment, ...option('model', chosen)], freeText: note };
    }
    case 'promote': {
      const { rollout, at, breakGlass } = command;
      const time = at === undefined ? undefined : timeText(at);
      const glass = breakGlass === undefined ? [] : ['--break-glass'];
      return { words: [...some(rollout), ...option('at', time), ...glass], freeText: breakGlass };
    }
    case 'withdraw':
    case 'cancel':
      return { words: some(command.rollout) };
    case 'review':
      return { words: [command.rollout], freeText: command.note };
    case 'reject':
      return { words: some(command.rollout), freeText: command.reason };
    case 'rollback':
      return { words: [command.environment, ...option('to', command.to)], freeText: command.reason };
    case 'snooze':
      return { words: some(command.rollout), freeText: command.reason };
    case 'approve-model':
    case 'reject-model':
      return { words: [String(command.version)], freeText: command.reason };
    case 'smoke':
      return { words: [command.environment] };
    case 'lock': {
      const { environment, forSeconds, reason } = command;
      const duration = forSeconds === undefined ? undefined : durationText(forSeconds);
      return { words: [environment, ...option('for', duration)], freeText: reason };
    }
    case 'unlock':
    case 'adopt':
      return { words: [command.environment], freeText: command.reason };
    case 'acknowledge-break':
      return { words: [], freeText: command.reason };
    case 'history':
      return { words: [String(command.count)] };
    case 'evidence':
      return { words: [command.rollout] };
    case 'cleanup':
      return { words: [...option('target', command.target), ...(command.apply ? ['--apply'] : [])] };
    case 'help':
      return { words: some(command.topic) };
    case 'menu':
    case 'status':
    case 'models':
    case 'verify':
    case 'cost':
    case 'recommend':
      return { words: [] };
    default: {
      const unknown: never = command;
      return unknown;
    }
  }
}

function option(name: string, value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [`--${name}`, String(value)];
}

function some(word: string | undefined): readonly string[] {
  return word === undefined ? [] : [word];
}
