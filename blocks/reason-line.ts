import { type Reason, template } from '../src/rollout/reasons.ts';
import { at, code, type Inline, isPersonId, type Line, people, text } from './inline.ts';
import { PIECES } from './limits.ts';
import { splitAtMoments } from './when.ts';

/** The sentence of a reason: people and moments in it as Slack shows them, commands as code, the rest as text. */
export function reasonLine(reason: Reason): Line {
  // Odd pieces of a template stand between backticks; templates are ours, what fills them is not.
  return template(reason.code)
    .split('`')
    .flatMap((piece, index) => (index % 2 === 1 ? [code(filled(piece, reason))] : withParams(piece, reason)));
}

function param(reason: Reason, name: string): string {
  return String(reason.params?.[name] ?? '?');
}

function filled(piece: string, reason: Reason): string {
  return piece.replace(/\{(\w+)\}/g, (_, name: string) => param(reason, name));
}

function withParams(piece: string, reason: Reason): Line {
  return piece
    .split(/\{(\w+)\}/)
    .flatMap((part, index) => (index % 2 === 0 ? plainPiece(part) : value(param(reason, part))));
}

function plainPiece(piece: string): Line {
  return piece === '' ? [] : [text(piece)];
}

function value(given: string): Line {
  const ids = given.split(/,\s*/);
  if (ids.every(isPersonId)) return people(ids);
  return splitAtMoments(given).flatMap((part, index): Inline[] => {
    if (part === '') return [];
    return [index % 2 === 1 ? at(part) : text(part, PIECES.words)];
  });
}
