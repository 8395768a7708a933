import type { InvocationReply } from '../invoke-endpoint.ts';
import type { AwsError } from './aws-error.ts';
import type { HttpReply } from './http-exchange.ts';
import type { JsonObject } from './json-value.ts';

const CLOUDWATCH_JSON = 'application/x-amz-json-1.0';

/** What CloudWatch calls by another name than SageMaker. */
const CLOUDWATCH_CODES: Readonly<Record<string, string>> = {
  ValidationException: 'ValidationError',
  ThrottlingException: 'Throttling',
  InternalFailure: 'InternalServiceError',
};

/** An answer in AWS JSON 1.1. */
export function awsJsonReply(body: JsonObject): HttpReply {
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) };
}

/** A refusal in AWS JSON 1.1. */
export function awsJsonErrorReply(error: AwsError): HttpReply {
  return {
    status: error.status,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify({ __type: error.code, message: error.message }),
  };
}

/** An answer of CloudWatch in AWS JSON 1.0. */
export function cloudWatchReply(body: JsonObject): HttpReply {
  return { status: 200, headers: { 'content-type': CLOUDWATCH_JSON }, body: JSON.stringify(body) };
}

/** A refusal of CloudWatch: beside the JSON it tells, in a header, the code that its older query protocol has. */
export function cloudWatchErrorReply(error: AwsError): HttpReply {
  const code = CLOUDWATCH_CODES[error.code] ?? error.code;
  const side = error.status < 500 ? 'Sender' : 'Receiver';
  return {
    status: error.status,
    headers: { 'content-type': CLOUDWATCH_JSON, 'x-amzn-query-error': `${code};${side}` },
    body: JSON.stringify({ __type: code, message: error.message }),
  };
}

/** What the model answered, with the variant that did. */
export function invocationReply(reply: InvocationReply): HttpReply {
  return {
    status: 200,
    headers: { 'content-type': reply.contentType, 'x-amzn-invoked-production-variant': reply.variant },
    body: reply.body,
  };
}

/** A refusal of the runtime (REST-JSON): the code is in a header, with details beside the message. */
export function runtimeErrorReply(error: AwsError): HttpReply {
  return {
    status: error.status,
    headers: {
      'content-type': 'application/json',
      'x-amzn-errortype': `${error.code}:http://internal.amazon.com/coral/com.amazon.sagemaker/`,
    },
    body: JSON.stringify({ ...error.details, Message: error.message }),
  };
}
