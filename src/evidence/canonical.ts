import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** RFC 8785 form of a JSON value. Throws for what JSON cannot say (undefined at the top, NaN, cycles). */
export function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('This value has no JSON form.');
  return text;
}

/** Lower-case hexadecimal sha256 of a text's UTF-8 bytes. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** sha256 of the canonical form. */
export function digest(value: unknown): string {
  return sha256(canonical(value));
}
