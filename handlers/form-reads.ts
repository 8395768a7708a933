import { INPUTS } from '../blocks/ids.ts';
import { readDuration, readEnvironmentName, readVersion, type Value } from '../src/command-values.ts';
import type { Request } from '../src/rollout/api.ts';
import type { HeldBack } from './answering.ts';
import type { FormRead } from './form-submitted.ts';
import type { Submitted } from './incoming.ts';

type Input = keyof typeof INPUTS;

/** What each form asks for. Everything in it is outside data, read by the same rules as words. */

export const readDeploy: FormRead = (_, submitted) => {
  const version = optional(submitted, 'model', readVersion);
  if (!version.ok) return wrong('model', version.message);
  const model = version.value === null ? null : { version: version.value };
  return { verb: 'deploy', model, note: submitted.reason };
};

export const readRollback: FormRead = (_, submitted) => {
  const environment = required(submitted, 'environment', readEnvironmentName);
  const to = optional(submitted, 'version', readVersion);
  if (!environment.ok) return wrong('environment', environment.message);
  if (!to.ok) return wrong('version', to.message);
  const { reason } = submitted;
  return { verb: 'rollback', environment: environment.value, toVersion: to.value, reason, furtherThan: null };
};

export const readLock: FormRead = (_, submitted) => {
  const environment = required(submitted, 'environment', readEnvironmentName);
  const duration = optional(submitted, 'duration', readDuration);
  const { reason } = submitted;
  const faults = {
    ...(environment.ok ? {} : fault('environment', environment.message)),
    ...(duration.ok ? {} : fault('duration', duration.message)),
    ...(reason === null ? fault('reason', 'Say why.') : {}),
  };
  if (!environment.ok || !duration.ok || reason === null) return { faults };
  return { verb: 'lock', environment: environment.value, forSeconds: duration.value, reason };
};

export const readReview: FormRead = (rolloutId, { reason }) =>
  reason === null ? wrong('reason', 'Say what you found.') : { verb: 'review', rolloutId, note: reason };

export const readSnooze: FormRead = (rolloutId, { reason }) =>
  reason === null ? wrong('reason', 'Say why.') : { verb: 'snooze', rolloutId, reason };

export const readReject: FormRead = (rolloutId, { reason }) => ({ verb: 'reject', rolloutId, reason });

export const readRejectModel: FormRead = (approvalId, { reason }) => ({
  verb: 'reject-model',
  approvalId,
  version: null,
  reason,
});

/** Leaves the rollout that a message was about. */
export const readLeave: FormRead = (rolloutId, submitted) => back(submitted, { furtherThan: null, leaving: rolloutId });

/** One step further back than the rollback that a message was about. */
export const readFurther: FormRead = (rollbackId, submitted) => back(submitted, { furtherThan: rollbackId });

function back(
  submitted: Submitted,
  from: { readonly furtherThan: string | null; readonly leaving?: string },
): Request | HeldBack {
  const environment = required(submitted, 'environment', readEnvironmentName);
  const { reason } = submitted;
  if (!environment.ok) return wrong('environment', environment.message);
  if (reason === null) return wrong('reason', 'Say why.');
  return { verb: 'rollback', environment: environment.value, toVersion: null, reason, ...from };
}

function required<T>({ entered }: Submitted, input: Input, read: (word: string) => Value<T>): Value<T> {
  return read(entered(input) ?? '');
}

function optional<T>({ entered }: Submitted, input: Input, read: (word: string) => Value<T>): Value<T | null> {
  const word = entered(input);
  return word === null ? { ok: true, value: null } : read(word);
}

function fault(input: Input, message: string): Readonly<Record<string, string>> {
  return { [INPUTS[input].block]: message };
}

function wrong(input: Input, message: string): HeldBack {
  return { faults: fault(input, message) };
}
