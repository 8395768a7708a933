import { isJsonObject, type Json, type JsonObject, parseJson } from '../json.ts';
import { invalidArguments, SlackApiError } from './slack-api-error.ts';

/** The arguments of one Web API call, however they were encoded. */
export interface CallArguments {
  readonly all: JsonObject;
  /** A string argument; numbers and booleans of a JSON body count as their text. Empty counts as absent. */
  text(name: string): string | undefined;
  /** @throws `invalid_arguments` when it is missing */
  requiredText(name: string): string;
  flag(name: string): boolean | undefined;
  /** A structured argument, given as JSON text (form) or as it is (JSON body). @throws `errorCode` when malformed */
  structure(name: string, errorCode: string): Json | undefined;
  /** @throws `errorCode` when it is there but is no object */
  object(name: string, errorCode: string): JsonObject | undefined;
}

export function callArguments(all: JsonObject): CallArguments {
  const text = (name: string): string | undefined => {
    const value = all[name];
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const structure = (name: string, errorCode: string): Json | undefined => {
    const value = all[name];
    if (typeof value !== 'string') return value;
    if (value === '') return undefined;
    const parsed = parseJson(value);
    if (parsed === undefined) throw new SlackApiError(errorCode);
    return parsed;
  };
  return {
    all,
    text,
    requiredText(name) {
      const value = text(name);
      if (value === undefined) throw invalidArguments(`missing required field: ${name}`);
      return value;
    },
    flag(name) {
      const value = text(name);
      return value === undefined ? undefined : ['true', '1'].includes(value.toLowerCase());
    },
    structure,
    object(name, errorCode) {
      const value = structure(name, errorCode);
      if (value === undefined || value === null) return undefined;
      if (!isJsonObject(value)) throw new SlackApiError(errorCode);
      return value;
    },
  };
}
