/** One thing that IAM decides on. A call can need several: creating with tags needs the right to tag as well. */
export interface IamRequest {
  readonly who: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<{ [key: string]: string | readonly string[] }>;
}

export type Context = IamRequest['context'];
/** Of a request as it went onto the wire. */
export type Body = Readonly<{ [name: string]: unknown }>;
/** One request of whoever made the call. */
export type Of = (action: string, resource: string, context?: Context) => IamRequest;

/** What titanic tags everything with, so what it made carries it. */
export const OURS = { 'aws:ResourceTag/project': 'titanic-sagemaker', 'aws:ResourceTag/tutorial_phase': '04' };

/** The tags that a request gives to what it makes. */
export function tagContext(tags: unknown): Context {
  const list = (tags ?? []) as readonly { Key: string; Value: string }[];
  const values = Object.fromEntries(list.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value]));
  return { ...values, 'aws:TagKeys': list.map(({ Key }) => Key) };
}
