import type { InvocationReply } from '../invoke-endpoint.ts';
import type { AwsError } from './aws-error.ts';
import type { HttpReply } from './http-exchange.ts';
import type { JsonObject } from './json-value.ts';

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
