/** Filtering, sorting and paging, the same for every List operation. */
import { validationException } from '../wire/aws-error.ts';
import type { InputReader } from '../wire/input-reader.ts';
import { nameContains } from '../wire/name-rules.ts';

/** Small on purpose: AWS's default is 10, and a client that does not page must be seen to fail. */
const DEFAULT_PAGE = 10;

export interface Listed {
  /** The stable key of the item, which breaks ties and which the token remembers. */
  readonly arn: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly lastModifiedMs?: number | undefined;
}

export interface ListOptions {
  readonly defaultSortOrder: 'Ascending' | 'Descending';
  readonly sortKeys: readonly string[];
}

export interface ListPage<Item> {
  readonly items: Item[];
  readonly nextToken: string | undefined;
}

export interface ListQuery {
  readonly sortBy: string;
  readonly descending: boolean;
  readonly pageSize: number;
  readonly token: string | undefined;
  readonly keeps: (item: Listed) => boolean;
}

/** Reads the members that all List operations share; call `done()` of the reader after. */
export function readListQuery(input: InputReader, options: ListOptions): ListQuery {
  const contains = input.optionalText('NameContains', nameContains)?.toLowerCase();
  const sortOrder = input.optionalText('SortOrder', { values: ['Ascending', 'Descending'] });
  const bounds = {
    createdAfter: input.optionalNumber('CreationTimeAfter'),
    createdBefore: input.optionalNumber('CreationTimeBefore'),
    modifiedAfter: input.optionalNumber('LastModifiedTimeAfter'),
    modifiedBefore: input.optionalNumber('LastModifiedTimeBefore'),
  };
  const within = (atMs: number, after: number | undefined, before: number | undefined) =>
    (after === undefined || atMs > after * 1000) && (before === undefined || atMs < before * 1000);
  return {
    sortBy: input.optionalText('SortBy', { values: options.sortKeys }) ?? 'CreationTime',
    descending: (sortOrder ?? options.defaultSortOrder) === 'Descending',
    pageSize: input.optionalNumber('MaxResults', { min: 1, max: 100 }) ?? DEFAULT_PAGE,
    token: input.optionalText('NextToken', { max: 8192 }),
    keeps: (item) =>
      (contains === undefined || item.name.toLowerCase().includes(contains)) &&
      within(item.createdAtMs, bounds.createdAfter, bounds.createdBefore) &&
      within(item.lastModifiedMs ?? item.createdAtMs, bounds.modifiedAfter, bounds.modifiedBefore),
  };
}

type SortKey = readonly [string | number, number, string];

function compareKeys(a: SortKey, b: SortKey): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? '';
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

/**
 * One page. The token holds the last item's sort key rather than an offset, so that what is created or deleted
 * between two pages makes nothing appear twice or vanish.
 */
export function listPage<Item extends Listed>(
  items: Iterable<Item>,
  query: ListQuery,
  rankOf: (item: Item) => number = () => 0,
  statusOf: (item: Item) => string = () => '',
): ListPage<Item> {
  const keyOf = (item: Item): SortKey => {
    const first =
      query.sortBy === 'Name'
        ? item.name.toLowerCase()
        : query.sortBy === 'Status'
          ? statusOf(item)
          : query.sortBy === 'LastModifiedTime'
            ? (item.lastModifiedMs ?? item.createdAtMs)
            : item.createdAtMs;
    return [first, rankOf(item), item.arn];
  };
  const direction = query.descending ? -1 : 1;
  const after = query.token === undefined ? undefined : readToken(query.token);
  const remaining = [...items]
    .filter(query.keeps)
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === undefined || direction * compareKeys(key, after) > 0)
    .sort((a, b) => direction * compareKeys(a.key, b.key));
  const page = remaining.slice(0, query.pageSize);
  const last = page.at(-1);
  return {
    items: page.map(({ item }) => item),
    nextToken: remaining.length > page.length && last !== undefined ? writeToken(last.key) : undefined,
  };
}

function writeToken(key: SortKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

function readToken(token: string): SortKey {
  const refused = () => validationException('The pagination token is invalid.');
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    throw refused();
  }
  if (!Array.isArray(key) || key.length !== 3) throw refused();
  const [first, rank, arn]: unknown[] = key;
  if ((typeof first !== 'string' && typeof first !== 'number') || typeof rank !== 'number' || typeof arn !== 'string')
    throw refused();
  return [first, rank, arn];
}
