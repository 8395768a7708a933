import { type Reason, type ReasonCode, reason } from './reasons.ts';

/** AWS's own words are quoted up to this many characters; its texts may have 1,024. */
const QUOTED_CHARACTERS = 300;

/**
 * What AWS says in prose, because for these causes it has no error code of their own. The first match counts: a text
 * about model data also advises on the role, so the more telling cause comes first.
 */
const CAUSES: readonly (readonly [RegExp, ReasonCode])[] = [
  [/ping health check|did not pass the health check|invoke.*\/ping/i, 'health-check-failed'],
  [/InsufficientInstanceCapacity|InsufficientCapacity|insufficient capacity/i, 'capacity-missing'],
  [/unable to provision requested ML compute capacity/i, 'capacity-missing'],
  [/unable to locate at least \d+ availability zone/i, 'capacity-missing'],
  [/account-level service limit|ResourceLimitExceeded|service quotas/i, 'quota-exceeded'],
  [/download model data|(access|find) model data|ModelDataUrl|model data (url|source)/i, 'model-data-missing'],
  [
    /CannotPullContainer|pull(ing)? (the )?(container )?image|image .*(not exist|not found|could not be found)/i,
    'image-missing',
  ],
  [
    /repository of your image|ecr:(GetDownloadUrlForLayer|BatchGetImage)|image size .* (greater|larger)/i,
    'image-missing',
  ],
  [/not authorized to perform|access denied|AccessDenied/i, 'access-denied'],
  [/execution role|role ARN .* invalid|assume (the )?role|sts:AssumeRole/i, 'role-invalid'],
];

/** AWS's words, fit to be quoted: one line without control characters, shortened, ending like a sentence. */
export function quotedWords(words: string): string {
  const line = words.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const characters = [...line];
  if (characters.length > QUOTED_CHARACTERS) return `${characters.slice(0, QUOTED_CHARACTERS - 1).join('')}…`;
  return line === '' || /[.!?…]$/.test(line) ? line : `${line}.`;
}

/** The cause that a text of AWS speaks of; null where it is none that titanic knows. */
export function causeIn(words: string): ReasonCode | null {
  return CAUSES.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}

/**
 * An endpoint's `FailureReason` as a reason code with AWS's own words. `otherwise` is for texts that name no known
 * cause; it must be a code whose sentence takes `{words}`.
 */
export function reasonForFailure(words: string, otherwise: ReasonCode = 'endpoint-failed'): Reason {
  return reason(causeIn(words) ?? otherwise, { words: quotedWords(words) });
}
