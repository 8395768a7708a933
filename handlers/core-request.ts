import type { WrittenTime } from '../src/calendar.ts';
import type { Command } from '../src/command-types.ts';
import type { Request } from '../src/rollout/api.ts';

/** Verbs that only ask; they never reach the part of the core that writes. */
export type Question = Extract<
  Command,
  { verb: 'menu' | 'status' | 'history' | 'evidence' | 'models' | 'verify' | 'cost' | 'recommend' | 'help' | 'cleanup' }
>;

export type Meant =
  | {
      readonly kind: 'request';
      readonly request: Request;
      readonly subject: string | undefined;
      /** A promotion for later, in the time zone of whoever wrote it. */
      readonly at?: WrittenTime;
    }
  | { readonly kind: 'question'; readonly question: Question };

/** What a command means to the core. */
export function meaningOf(command: Command): Meant {
  switch (command.verb) {
    case 'deploy':
      return request({ verb: 'deploy', model: modelOf(command.model), note: command.note ?? null });
    case 'promote': {
      const { rollout, at, breakGlass } = command;
      const asked = { verb: 'promote', rolloutId: rollout ?? null } as const;
      if (at !== undefined) return { ...request(asked, rollout), at };
      return request(breakGlass === undefined ? asked : { ...asked, breakGlass }, rollout);
    }
    case 'withdraw':
      return request({ verb: 'withdraw', rolloutId: command.rollout ?? null }, command.rollout);
    case 'review':
      return request({ verb: 'review', rolloutId: command.rollout, note: command.note }, command.rollout);
    case 'reject': {
      const reason = command.reason ?? null;
      return request({ verb: 'reject', rolloutId: command.rollout ?? null, reason }, command.rollout);
    }
    case 'cancel':
      return request({ verb: 'cancel', rolloutId: command.rollout ?? null }, command.rollout);
    case 'snooze': {
      const { rollout, reason } = command;
      return request({ verb: 'snooze', rolloutId: rollout ?? null, reason }, rollout);
    }
    case 'rollback': {
      const { environment, to, reason } = command;
      return request({
        verb: 'rollback',
        environment,
        toVersion: to ?? null,
        reason: reason ?? null,
        furtherThan: null,
      });
    }
    case 'lock': {
      const { environment, forSeconds, reason } = command;
      return request({ verb: 'lock', environment, forSeconds: forSeconds ?? null, reason });
    }
    case 'unlock':
      return request({ verb: 'unlock', environment: command.environment, reason: command.reason });
    case 'smoke':
      return request({ verb: 'smoke', environment: command.environment });
    case 'adopt':
      return request({ verb: 'adopt', environment: command.environment, reason: command.reason });
    case 'acknowledge-break':
      return request({ verb: 'acknowledge-break', reason: command.reason });
    case 'menu':
    case 'status':
    case 'history':
    case 'evidence':
    case 'models':
    case 'verify':
    case 'cost':
    case 'recommend':
    case 'help':
      return { kind: 'question', question: command };
    case 'cleanup':
      return command.apply
        ? request({ verb: 'cleanup', target: command.target, confirm: null })
        : { kind: 'question', question: command };
    case 'approve-model':
    case 'reject-model': {
      const { verb, version, reason } = command;
      return request({ verb, approvalId: null, version, reason: reason ?? null });
    }
    default: {
      const never: never = command;
      return never;
    }
  }
}

function request(given: Request, subject?: string): Extract<Meant, { kind: 'request' }> {
  return { kind: 'request', request: given, subject };
}

function modelOf(
  choice: Extract<Command, { verb: 'deploy' }>['model'],
): { readonly version: number } | { readonly arn: string } | null {
  if (choice === undefined) return null;
  return choice.kind === 'version' ? { version: choice.version } : { arn: choice.arn };
}
