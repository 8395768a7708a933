import type { Operation, OperationContext } from '../operation.ts';
import { notFound, validationException } from '../wire/aws-error.ts';
import type { InputReader } from '../wire/input-reader.ts';
import { readInput } from '../wire/input-reader.ts';
import type { JsonObject } from '../wire/json-value.ts';
import { resourceArn } from '../wire/name-rules.ts';

const TAGS_MAX = 50;
const TAG_PATTERN = '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*';

export type TagMap = Record<string, string>;

/** Reads the Tags member; the last of several with the same key counts. */
export function readTags(input: InputReader, required = false): TagMap {
  const items = input.list('Tags', { max: TAGS_MAX, required });
  return Object.fromEntries(
    items.map((item) => [
      item.text('Key', { min: 1, max: 128, pattern: TAG_PATTERN }),
      item.text('Value', { max: 256, pattern: TAG_PATTERN }),
    ]),
  );
}

/** Sets the tags a resource is created with. */
export function tagNew(context: OperationContext, arn: string, tags: TagMap): void {
  if (Object.keys(tags).length > 0) context.world.tags.set(arn, tags);
  else context.world.tags.delete(arn);
}

function tagList(tags: TagMap): JsonObject[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** The tags of a taggable resource. Versions in a group carry none: they use the group's. */
function tagsOf(context: OperationContext, arn: string): TagMap {
  const { world } = context;
  const [, type = '', name = ''] = /:([a-z-]+)\/(.+)$/.exec(arn) ?? [];
  const holders: Record<string, { has(key: string): boolean }> = {
    model: world.models,
    endpoint: world.endpoints,
    'endpoint-config': world.configs,
    'model-package-group': world.groups,
  };
  if (type === 'model-package') {
    const found = world.packages.get(arn);
    if (found === undefined) throw notFound('model package', arn);
    if (found.groupName !== undefined) throw validationException('Versioned model packages can not be tagged.');
  } else if (holders[type]?.has(name.toLowerCase()) !== true) {
    throw notFound(type === '' ? 'resource' : type.replaceAll('-', ' '), arn);
  }
  return world.tags.get(arn) ?? {};
}

export const addTags: Operation = (context, input) => {
  const read = readInput(input);
  const arn = read.text('ResourceArn', resourceArn).toLowerCase();
  const added = readTags(read, true);
  read.done();
  const tags = { ...tagsOf(context, arn), ...added };
  if (Object.keys(tags).length > TAGS_MAX) throw validationException(`The number of tags can not exceed ${TAGS_MAX}.`);
  context.world.tags.set(arn, tags);
  return { Tags: tagList(tags) };
};

export const listTags: Operation = (context, input) => {
  const read = readInput(input);
  const arn = read.text('ResourceArn', resourceArn).toLowerCase();
  read.optionalNumber('MaxResults', { min: 50 });
  read.done();
  return { Tags: tagList(tagsOf(context, arn)) };
};

export const deleteTags: Operation = (context, input) => {
  const read = readInput(input);
  const arn = read.text('ResourceArn', resourceArn).toLowerCase();
  const keys = read.optionalTexts('TagKeys', { min: 1, max: TAGS_MAX }) ?? [];
  read.done();
  const kept = Object.entries(tagsOf(context, arn)).filter(([key]) => !keys.includes(key));
  context.world.tags.set(arn, Object.fromEntries(kept));
  return {};
};
