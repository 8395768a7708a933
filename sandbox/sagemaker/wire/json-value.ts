/** What JSON can hold. Members that are `undefined` disappear when written, as absent members do at AWS. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

export interface JsonObject {
  [member: string]: Json | undefined;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a JSON object from text, or answers `null` for anything else; an empty text is an empty object. */
export function parseJsonObject(text: string): JsonObject | null {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** The member as an object, or an empty one: for optional structures whose members are all optional. */
export function objectMember(value: JsonObject, member: string): JsonObject {
  const found = value[member];
  return isJsonObject(found) ? found : {};
}

/** The member as a list of objects; anything else in it is left out. */
export function objectsMember(value: JsonObject, member: string): JsonObject[] {
  const found = value[member];
  return Array.isArray(found) ? found.filter(isJsonObject) : [];
}

/** The member as text, or `undefined`. */
export function textMember(value: JsonObject, member: string): string | undefined {
  const found = value[member];
  return typeof found === 'string' ? found : undefined;
}

/** The member as a number, or `undefined`. */
export function numberMember(value: JsonObject, member: string): number | undefined {
  const found = value[member];
  return typeof found === 'number' ? found : undefined;
}

/** AWS JSON writes an instant as seconds since the epoch with millisecond decimals. */
export function epochSeconds(atMs: number): number {
  return Math.round(atMs) / 1000;
}
