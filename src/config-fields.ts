import { z } from 'zod';
import { nearestWord } from './nearest-word.ts';

/*
 * Kinds of values in `titanic.yml`. A message never repeats a value, because somebody may have pasted a secret
 * in the wrong place; it says what is wanted instead.
 */

const ENTITY_NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const GROUP_ARN = /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:\d{12}:model-package-group\/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;
const TAG_KEY = /^(?!aws:|titanic:)[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/iu;
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/** A text of some pattern; `says` completes "must be …". */
export function text(rule: { readonly pattern: RegExp; readonly says: string }): z.ZodString {
  return z
    .string({ error: missingOr(`must be text (${rule.says}); put it in quotes`) })
    .regex(rule.pattern, `must be ${rule.says}`);
}

export function wholeNumber(min: number, max: number, unit: string, why = ''): z.ZodInt {
  const says = `must be a whole number of ${unit} from ${min} to ${max}${why}`;
  return z
    .int({ error: missingOr(says) })
    .min(min, says)
    .max(max, says);
}

/** SageMaker's rule for names of endpoints, configs, variants and groups. */
export const entityName = text({
  pattern: ENTITY_NAME,
  says: 'a SageMaker name: letters and digits, dashes between',
}).max(63, 'must be at most 63 characters');

export const groupNameOrArn = text({
  pattern: new RegExp(`${ENTITY_NAME.source}|${GROUP_ARN.source}`),
  says: 'the name or the ARN of a model package group',
}).max(170, 'must be at most 170 characters');

export const roleArn = text({ pattern: ROLE_ARN, says: 'the ARN of a role, arn:aws:iam::ACCOUNT:role/NAME' });

/** `letters` are the ones that ids of this kind begin with. */
export function slackId(letters: string, what: string): z.ZodString {
  const pattern = new RegExp(`^[${letters}][A-Z0-9]{4,20}$`);
  return text({ pattern, says: `the id of a ${what} (${letters.charAt(0)}…), not its name` });
}

/** AWS keeps `aws:` for itself, and titanic `titanic:` for what it writes. */
export const tags = z
  .record(
    z.string().min(1).max(128).regex(TAG_KEY),
    text({ pattern: TAG_VALUE, says: 'a tag value: up to 256 letters, digits, spaces or _.:/=+-@' }),
    {
      error: (issue) =>
        issue.code === 'invalid_key'
          ? 'is no tag key: use 1 to 128 letters, digits, spaces or _.:/=+-@, not beginning with aws: or titanic:'
          : missingOr('must be a group of tags, such as { project: titanic-sagemaker }')(issue),
    },
  )
  .describe('At most 45 in all, so that room stays for those that titanic adds.');

/** A group of keys in which an unknown one is a fault that names the nearest known one. */
export function group<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return missingOr(`must be a group of keys (${known.join(', ')})`)(issue);
      return issue.keys.map((key) => unknownKey(key, known)).join('; ');
    },
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  const nearest = nearestWord(key, known);
  const remedy = nearest === undefined ? `known are ${known.join(', ')}` : `did you mean ${nearest}?`;
  return `has an unknown key "${key.slice(0, 60)}"; ${remedy}`;
}

/** A message for a wrong value, which for no value at all begins with "is missing". */
export function missingOr(says: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) => (input === undefined || input === null ? `is missing; it ${says}` : says);
}
