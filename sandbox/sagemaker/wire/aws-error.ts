import type { JsonObject } from './json-value.ts';

/** A refusal as AWS words it: a code, an HTTP status and a text. Thrown by operations, written by the server. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: JsonObject;

  constructor(code: string, status: number, message: string, details: JsonObject = {}) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

export function validationException(message: string): AwsError {
  return new AwsError('ValidationException', 400, message);
}

/** "Could not find endpoint "arn"." SageMaker answers 400, never 404, for what is not there. */
export function notFound(what: string, arn: string): AwsError {
  return validationException(`Could not find ${what} "${arn}".`);
}

export function conflictException(message: string): AwsError {
  return new AwsError('ConflictException', 400, message);
}

export function throttlingException(): AwsError {
  return new AwsError('ThrottlingException', 400, 'Rate exceeded');
}

export function internalFailure(): AwsError {
  return new AwsError('InternalFailure', 500, 'Request to service failed. Please retry.');
}

export function serializationException(message: string): AwsError {
  return new AwsError('SerializationException', 400, message);
}

export function unknownOperation(): AwsError {
  return new AwsError('UnknownOperationException', 400, 'The requested operation is not supported by the sandbox.');
}

export function missingAuthenticationToken(): AwsError {
  return new AwsError('MissingAuthenticationTokenException', 403, 'Missing Authentication Token');
}

/** The account-level quota text; `unit` is "Instances". */
export function resourceLimitExceeded(instanceType: string, limit: number, inUse: number, delta: number): AwsError {
  return new AwsError(
    'ResourceLimitExceeded',
    400,
    `The account-level service limit '${instanceType} for endpoint usage' is ${limit} Instances, with current ` +
      `utilization of ${inUse} Instances and a request delta of ${delta} Instances. Please use AWS Service Quotas to ` +
      'request an increase for this quota. If AWS Service Quotas is not available, contact AWS support to request an ' +
      'increase for this quota.',
  );
}
