import { createHash } from 'node:crypto';
import type { OperationContext } from '../operation.ts';
import { conflictException } from '../wire/aws-error.ts';
import type { JsonObject } from '../wire/json-value.ts';

/**
 * Runs `apply` once per ClientToken: a repeated request gets the first reply and changes nothing, and the same token
 * with another request is a conflict (that it is one is a guess).
 */
export function idempotent(
  context: OperationContext,
  operation: string,
  token: string | undefined,
  input: JsonObject,
  apply: () => JsonObject,
): JsonObject {
  if (token === undefined) return apply();
  const fingerprint = createHash('sha256')
    .update(`${operation} ${JSON.stringify(input)}`)
    .digest('hex');
  const earlier = context.world.tokens.get(token);
  if (earlier !== undefined) {
    if (earlier.fingerprint !== fingerprint)
      throw conflictException(`The client token "${token}" was already used for another request.`);
    return earlier.reply;
  }
  const reply = apply();
  context.world.tokens.set(token, { token, fingerprint, reply });
  return reply;
}
