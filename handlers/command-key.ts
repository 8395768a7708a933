import type { Pressed, Submitted, Typed } from './incoming.ts';

/**
 * Keys by which the log refuses a repeated delivery: equal for the same words or the same press, different for
 * another, even by the same person a moment later.
 */

/**
 * Slack makes a trigger for each command that is typed, and keeps it over every repetition, under whatever envelope's
 * id or signature. `delivery`, which is one of those, counts only where there is no trigger.
 */
export function keyOfWords(typed: Typed, delivery: string): string {
  return ['words', typed.person, typed.triggerId === '' ? delivery : typed.triggerId].join(' ');
}

/** On Home there is no message; a moment of one person's press of one button is enough. */
export function keyOfPress(pressed: Pressed): string {
  const message = `${pressed.channel ?? '-'}/${pressed.messageTs ?? '-'}`;
  return ['press', pressed.person, pressed.actionId, message, pressed.actionTs].join(' ');
}

/** A view is submitted once; Slack closes it. */
export function keyOfSubmit(submitted: Submitted): string {
  return ['submit', submitted.person, submitted.callbackId, submitted.viewId].join(' ');
}
