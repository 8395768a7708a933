import { AwsError, missingAuthenticationToken } from './aws-error.ts';
import type { HttpRequest } from './http-exchange.ts';

/**
 * The access key id a request is signed with. Signatures are not verified: the sandbox has no secrets. Throws an
 * AwsError when the request carries none.
 */
export function accessKeyOf(request: HttpRequest): string {
  const header = request.headers.authorization;
  if (header === undefined || header === '') throw missingAuthenticationToken();
  const key = /^AWS4-HMAC-SHA256 .*Credential=([^/,]+)\//.exec(header)?.[1];
  if (key === undefined)
    throw new AwsError('IncompleteSignatureException', 403, 'Authorization header requires AWS Signature Version 4.');
  return key;
}
