/** Reads an error reply of the runtime (REST-JSON) to the same name and words as the SDK. */
import { z } from 'zod';
import type { RuntimeRefusal } from './outcome.ts';

/** Header names are in lower case. */
export type ReplyHeaders = Readonly<Record<string, string | string[] | undefined>>;

const errorBody = z.object({
  code: z.union([z.string(), z.number()]).optional().catch(undefined),
  __type: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  Message: z.string().optional().catch(undefined),
  OriginalStatusCode: z.number().optional().catch(undefined),
  OriginalMessage: z.string().optional().catch(undefined),
});

/** Never throws: a reply that is not AWS's own is `Unknown`, with its status. */
export function readRefusal(status: number, headers: ReplyHeaders, body: string): RuntimeRefusal {
  const read = errorBody.safeParse(parsed(body));
  const words = read.success ? read.data : {};
  const name = errorCode(headerText(headers, 'x-amzn-errortype') ?? words.code ?? words.__type);
  return {
    name: name ?? 'Unknown',
    message: words.message ?? words.Message ?? 'UnknownError',
    status,
    requestId:
      headerText(headers, 'x-amzn-requestid') ??
      headerText(headers, 'x-amzn-request-id') ??
      headerText(headers, 'x-amz-request-id'),
    originalStatusCode: name === 'ModelError' ? words.OriginalStatusCode : undefined,
    originalMessage: name === 'ModelError' ? words.OriginalMessage : undefined,
  };
}

/** A code may come as `namespace#Code:http://…`, or as several in one. */
function errorCode(value: string | number | undefined): string | undefined {
  if (value === undefined) return undefined;
  const [first = ''] = String(value).split(',');
  const [beforeUri = ''] = first.split(':');
  const code = beforeUri.includes('#') ? (beforeUri.split('#')[1] ?? '') : beforeUri;
  return code === '' ? undefined : code;
}

export function headerText(headers: ReplyHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}
