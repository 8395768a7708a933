import { isJsonObject, type JsonObject } from '../json.ts';

/** What is wrong and where, as Slack words it in `response_metadata.messages`. */
export interface Problem {
  message: string;
  /** A JSON pointer into the arguments of the call, such as `/blocks/0/text`. */
  pointer: string;
}

export type Report = (pointer: string, message: string) => void;
export type Check = (value: unknown, at: string, report: Report) => void;
export interface Field {
  check: Check;
  required: boolean;
}

export const required = (check: Check): Field => ({ check, required: true });
export const optional = (check: Check): Field => ({ check, required: false });

/** Slack's sentence for one problem. */
export const problemLine = (problem: Problem): string => `[ERROR] ${problem.message} [json-pointer:${problem.pointer}]`;

/** A string of `min` to `max` characters. Slack counts UTF-16 units here, as JavaScript does. */
export function string(max: number, min = 1): Check {
  return (value, at, report) => {
    if (typeof value !== 'string') report(at, 'must be a string');
    else if (value.length < min) report(at, `must be more than ${min - 1} characters`);
    else if (value.length > max) report(at, `must be less than ${max + 1} characters`);
  };
}

export const boolean: Check = (value, at, report) => {
  if (typeof value !== 'boolean') report(at, 'must be a boolean');
};

export function number(min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): Check {
  return (value, at, report) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) report(at, 'must be a number');
    else if (value < min || value > max) report(at, `must be between ${min} and ${max}`);
  };
}

export function oneOf(values: readonly string[]): Check {
  return (value, at, report) => {
    if (typeof value !== 'string' || !values.includes(value)) report(at, `must be one of: ${values.join(', ')}`);
  };
}

export const anything: Check = () => {};

export const httpUrl: Check = (value, at, report) => {
  string(3000)(value, at, report);
  if (typeof value === 'string' && !/^https?:\/\/[^\s]+$/.test(value)) report(at, 'must be a valid http or https URL');
};

export function list(item: Check, min: number, max: number): Check {
  return (value, at, report) => {
    if (!Array.isArray(value)) return report(at, 'must be an array');
    if (value.length < min) report(at, min === 1 ? 'must not be empty' : `must contain at least ${min} items`);
    if (value.length > max) report(at, `no more than ${max} items allowed`);
    value.forEach((entry, index) => {
      item(entry, `${at}/${index}`, report);
    });
  };
}

/** An object with exactly these members. `extra` judges members against each other. */
export function shape(
  fields: Record<string, Field>,
  extra?: (value: JsonObject, at: string, report: Report) => void,
): Check {
  return (value, at, report) => {
    if (!isJsonObject(value)) return report(at, 'must be an object');
    for (const [name, field] of Object.entries(fields)) {
      const member = value[name];
      if (member !== undefined) field.check(member, `${at}/${name}`, report);
      else if (field.required) report(at, `missing required field: ${name}`);
    }
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(fields, name)) report(at, `invalid additional property: ${name}`);
    }
    extra?.(value, at, report);
  };
}

/** The check that belongs to the value's `type`; any other type is refused. */
export function byType(kinds: Record<string, Check>): Check {
  return (value, at, report) => {
    if (!isJsonObject(value)) return report(at, 'must be an object');
    if (value.type === undefined) return report(at, 'missing required field: type');
    const kind = typeof value.type === 'string' && Object.hasOwn(kinds, value.type) ? kinds[value.type] : undefined;
    if (!kind) return report(`${at}/type`, `unsupported type: ${String(value.type)}`);
    kind(value, at, report);
  };
}
