import type { Operation, OperationContext } from '../operation.ts';
import { readTags } from '../operations/tags.ts';
import { AwsError } from '../wire/aws-error.ts';
import { type InputReader, readInput } from '../wire/input-reader.ts';

/** The ARN of an alarm that is there. */
function alarmArn({ world }: OperationContext, read: InputReader): string {
  const arn = read.text('ResourceARN', { min: 1, max: 1024 });
  read.done();
  const name = /^arn:aws[a-z-]*:cloudwatch:[^:]*:[^:]*:alarm:(.+)$/.exec(arn)?.[1];
  if (name === undefined || !world.alarms.has(name))
    throw new AwsError('ResourceNotFoundException', 404, `The resource ${arn} does not exist.`);
  return arn;
}

export const listTagsForResource: Operation = (context, input) => {
  const tags = context.world.tags.get(alarmArn(context, readInput(input))) ?? {};
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
};

export const tagResource: Operation = (context, input) => {
  const read = readInput(input);
  const added = readTags(read, true);
  const arn = alarmArn(context, read);
  context.world.tags.set(arn, { ...context.world.tags.get(arn), ...added });
  return {};
};

export const untagResource: Operation = (context, input) => {
  const read = readInput(input);
  const keys = read.optionalTexts('TagKeys', { max: 50 }) ?? [];
  const arn = alarmArn(context, read);
  const kept = Object.entries(context.world.tags.get(arn) ?? {}).filter(([key]) => !keys.includes(key));
  context.world.tags.set(arn, Object.fromEntries(kept));
  return {};
};
