import type { CallArguments } from './call-arguments.ts';
import { SlackApiError } from './slack-api-error.ts';

/**
 * One page of a list by `cursor` and `limit`.
 * @throws `invalid_cursor` for a cursor that this method did not hand out, `invalid_limit` below 1
 */
export function pageOf<T>(items: T[], args: CallArguments, defaultLimit: number): { items: T[]; nextCursor: string } {
  const limit = Number(args.text('limit') ?? defaultLimit);
  if (!Number.isInteger(limit) || limit < 1) throw new SlackApiError('invalid_limit');
  const cursor = args.text('cursor');
  const start = cursor === undefined ? 0 : Number(/^at:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1]);
  if (!Number.isInteger(start) || start > items.length) throw new SlackApiError('invalid_cursor');
  const end = start + limit;
  const nextCursor = end < items.length ? Buffer.from(`at:${end}`).toString('base64') : '';
  return { items: items.slice(start, end), nextCursor };
}
