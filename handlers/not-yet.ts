import { code, type Line, text } from '../blocks/inline.ts';
import { notice } from '../blocks/refusal.ts';
import type { Rendered } from '../src/ports/channel.ts';
import type { NotYet } from './core-request.ts';

/** What to do instead of something that this version does not do. It is an answer and never an action. */
export function notYet(command: NotYet): Rendered {
  const verb: Line = [
    code(`/titanic ${command.verb}`),
    text(' is not available in this version, and nothing was done.'),
  ];
  return notice(verb, instead(command));
}

function instead(command: NotYet): Line {
  switch (command.verb) {
    case 'approve-model':
    case 'reject-model': {
      const status = command.verb === 'approve-model' ? 'Approved' : 'Rejected';
      return [
        text(`Set version ${command.version} to ${status} in the Model Registry; then `),
        code('/titanic models'),
      ];
    }
  }
}
