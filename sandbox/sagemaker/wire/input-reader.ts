/**
 * Reads an operation's input and collects every broken constraint, so that one ValidationException lists them all,
 * in the words SageMaker's own validation uses.
 */
import { serializationException, validationException } from './aws-error.ts';
import { isJsonObject, type Json, type JsonObject } from './json-value.ts';

export interface TextRule {
  readonly min?: number;
  readonly max?: number;
  /** Matched against the whole value; shown in the error as written. */
  readonly pattern?: string;
  readonly values?: readonly string[];
}

export interface NumberRule {
  readonly min?: number;
  readonly max?: number;
}

export interface InputReader {
  readonly raw: JsonObject;
  text(member: string, rule?: TextRule): string;
  optionalText(member: string, rule?: TextRule): string | undefined;
  number(member: string, rule?: NumberRule): number;
  optionalNumber(member: string, rule?: NumberRule): number | undefined;
  optionalFlag(member: string): boolean | undefined;
  optionalObject(member: string): InputReader | undefined;
  /** The members of a list of structures, each with its own reader. */
  list(member: string, rule: NumberRule & { required?: boolean }): InputReader[];
  optionalTexts(member: string, rule?: NumberRule): string[] | undefined;
  /** A string-to-string map such as Environment or CustomerMetadataProperties. */
  optionalTextMap(member: string, rule?: NumberRule): Record<string, string> | undefined;
  /** Throws what was collected. Call it before any state is looked at. */
  done(): void;
}

const lowerFirst = (member: string) => member.charAt(0).toLowerCase() + member.slice(1);

/** Starts reading the input of one call. */
export function readInput(raw: JsonObject): InputReader {
  return readerAt(raw, '', []);
}

function readerAt(raw: JsonObject, path: string, problems: string[]): InputReader {
  const at = (member: string) => `${path}${lowerFirst(member)}`;
  const refuse = (shown: string, member: string, constraint: string) =>
    problems.push(`Value ${shown} at '${at(member)}' failed to satisfy constraint: ${constraint}`);
  const given = (member: string): Json | undefined => raw[member] ?? undefined;
  const wrongType = (member: string, wanted: string) =>
    serializationException(`The member '${at(member)}' can not be converted to ${wanted}`);
  const missing = (member: string) => refuse('null', member, 'Member must not be null');

  function checkSize(shown: string, member: string, size: number, rule: NumberRule, what: string): void {
    if (rule.min !== undefined && size < rule.min)
      refuse(shown, member, `Member must have ${what} greater than or equal to ${rule.min}`);
    if (rule.max !== undefined && size > rule.max)
      refuse(shown, member, `Member must have ${what} less than or equal to ${rule.max}`);
  }

  function optionalText(member: string, rule: TextRule = {}): string | undefined {
    const value = given(member);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw wrongType(member, 'a String');
    const shown = `'${value}'`;
    checkSize(shown, member, value.length, rule, 'length');
    if (rule.pattern !== undefined && !new RegExp(`^(?:${rule.pattern})$`, 'u').test(value))
      refuse(shown, member, `Member must satisfy regular expression pattern: ${rule.pattern}`);
    if (rule.values !== undefined && !rule.values.includes(value))
      refuse(shown, member, `Member must satisfy enum value set: [${rule.values.join(', ')}]`);
    return value;
  }

  function optionalNumber(member: string, rule: NumberRule = {}): number | undefined {
    const value = given(member);
    if (value === undefined) return undefined;
    if (typeof value !== 'number') throw wrongType(member, 'a Number');
    checkSize(`'${value}'`, member, value, rule, 'value');
    return value;
  }

  return {
    raw,
    optionalText,
    optionalNumber,
    text(member, rule) {
      if (given(member) === undefined) missing(member);
      return optionalText(member, rule) ?? '';
    },
    number(member, rule) {
      if (given(member) === undefined) missing(member);
      return optionalNumber(member, rule) ?? 0;
    },
    optionalFlag(member) {
      const value = given(member);
      if (value !== undefined && typeof value !== 'boolean') throw wrongType(member, 'a Boolean');
      return value;
    },
    optionalObject(member) {
      const value = given(member);
      if (value === undefined) return undefined;
      if (!isJsonObject(value)) throw wrongType(member, 'a structure');
      return readerAt(value, `${at(member)}.`, problems);
    },
    list(member, rule) {
      const value = given(member);
      if (value === undefined) {
        if (rule.required === true) missing(member);
        return [];
      }
      if (!Array.isArray(value)) throw wrongType(member, 'a list');
      checkSize(`'[${value.length} members]'`, member, value.length, rule, 'length');
      return value.map((item, index) => {
        if (!isJsonObject(item)) throw wrongType(member, 'a list of structures');
        return readerAt(item, `${at(member)}.${index + 1}.member.`, problems);
      });
    },
    optionalTexts(member, rule = {}) {
      const value = given(member);
      if (value === undefined) return undefined;
      if (!Array.isArray(value)) throw wrongType(member, 'a list');
      checkSize(`'[${value.length} members]'`, member, value.length, rule, 'length');
      return value.map((item) => {
        if (typeof item !== 'string') throw wrongType(member, 'a list of Strings');
        return item;
      });
    },
    optionalTextMap(member, rule = {}) {
      const value = given(member);
      if (value === undefined) return undefined;
      if (!isJsonObject(value)) throw wrongType(member, 'a map');
      const entries = Object.entries(value).map(([key, item]): [string, string] => {
        if (typeof item !== 'string') throw wrongType(member, 'a map of Strings');
        return [key, item];
      });
      checkSize(`'{${entries.length} members}'`, member, entries.length, rule, 'length');
      return Object.fromEntries(entries);
    },
    done() {
      if (problems.length === 0) return;
      const noun = problems.length === 1 ? 'error' : 'errors';
      throw validationException(`${problems.length} validation ${noun} detected: ${problems.join('; ')}`);
    },
  };
}
