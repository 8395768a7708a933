import { type Account, callerArn } from '../account.ts';
import type { AwsError } from './aws-error.ts';
import type { HttpReply } from './http-exchange.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** GetCallerIdentity's answer in the XML of the query protocol. */
export function callerIdentityReply(account: Account, requestId: string): HttpReply {
  return xmlReply(
    200,
    `<GetCallerIdentityResponse xmlns="${NAMESPACE}"><GetCallerIdentityResult><Arn>${callerArn(account)}</Arn>` +
      `<UserId>AIDASANDBOX</UserId><Account>${account.accountId}</Account></GetCallerIdentityResult>` +
      `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
  );
}

/** A refusal in the XML of the query protocol. */
export function stsErrorReply(error: AwsError, requestId: string): HttpReply {
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  return xmlReply(
    error.status,
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>${type}</Type><Code>${error.code}</Code>` +
      `<Message>${escapeXml(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  );
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function xmlReply(status: number, body: string): HttpReply {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}
