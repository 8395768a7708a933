import { isDeepStrictEqual } from 'node:util';
import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Expectation, JsonObject } from '../config-types.ts';

/** A regular expression is only tried on answers up to this length, so that a slow one cannot hold up the bot for long. */
const LONGEST_MATCHED = 100_000;
const LONGEST_SHOWN = 60;

/** Says whether an answer is as expected. The reason speaks of the expectation only: no payload gets into the record. */
export type AnswerTest = (body: string) => { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** An expectation made ready once, or what is wrong with it as a phrase that may follow its place in `titanic.yml`. */
export function compileExpectation(
  expectation: Expectation,
): { readonly ok: true; readonly test: AnswerTest } | { readonly ok: false; readonly fault: string } {
  try {
    return { ok: true, test: answerTest(expectation) };
  } catch (cause) {
    // RegExp and ajv tell of a bad definition by throwing; here it is an expected outcome.
    const words = cause instanceof Error ? cause.message : String(cause);
    // Without the pattern itself, which stands in the file.
    return { ok: false, fault: words.replace(/^(Invalid regular expression: ).*: /s, '$1') };
  }
}

function answerTest(expectation: Expectation): AnswerTest {
  switch (expectation.kind) {
    case 'match':
      return matchTest(expectation.pattern);
    case 'equals':
      return equalsTest(expectation.value);
    case 'schema':
      return schemaTest(expectation.schema);
    case 'between':
      return betweenTest(expectation);
    default: {
      const unknown: never = expectation;
      throw new Error(`unknown expectation ${JSON.stringify(unknown)}`);
    }
  }
}

function matchTest(pattern: string): AnswerTest {
  const expression = new RegExp(pattern, 'u');
  return (body) => {
    if (body.length > LONGEST_MATCHED)
      return no(`answer is too long to be matched (over ${LONGEST_MATCHED} characters)`);
    return expression.test(body) ? YES : no(`answer did not match ${shortened(pattern)}`);
  };
}

function equalsTest(value: Extract<Expectation, { kind: 'equals' }>['value']): AnswerTest {
  if (typeof value === 'string') {
    return (body) => (body.trim() === value.trim() ? YES : no('answer did not equal the expected text'));
  }
  return (body) => {
    const parsed = parseJson(body);
    if (!parsed.ok) return no('answer is not JSON');
    return isDeepStrictEqual(parsed.value, value) ? YES : no('answer did not equal the expected JSON');
  };
}

function schemaTest(schema: JsonObject): AnswerTest {
  const validate = compileSchema(schema);
  return (body) => {
    const parsed = parseJson(body);
    if (!parsed.ok) return no('answer is not JSON');
    if (validate(parsed.value)) return YES;
    const [error] = validate.errors ?? [];
    // The path into the schema, not the one into the answer: the latter may be made of the answer's own keys.
    return no(`answer did not fit the schema at ${shortened(error?.schemaPath ?? '#')}`);
  };
}

function compileSchema(schema: JsonObject): ValidateFunction {
  const options = {
    strict: true,
    strictTypes: false,
    strictRequired: false,
    strictTuples: false,
    logger: false,
  } as const;
  const draft7 = typeof schema.$schema === 'string' && schema.$schema.includes('draft-07');
  const ajv = draft7 ? new Ajv(options) : new Ajv2020(options);
  return ajv.compile(schema);
}

function betweenTest({ min, max, path }: Extract<Expectation, { kind: 'between' }>): AnswerTest {
  const range = [min === undefined ? '' : `at least ${min}`, max === undefined ? '' : `at most ${max}`];
  const wanted = range.filter((part) => part !== '').join(' and ');
  const place = path === undefined ? 'answer' : `the value at ${shortened(path)}`;
  return (body) => {
    const number = path === undefined ? numberIn(body) : numberIn(valueAt(body, path));
    if (number === undefined) return no(`${place} is not a number`);
    const inside = (min === undefined || number >= min) && (max === undefined || number <= max);
    return inside ? YES : no(`${place} is not ${wanted}`);
  };
}

/** What a JSON Pointer (RFC 6901) leads to, or `undefined` where it leads nowhere. */
function valueAt(body: string, pointer: string): unknown {
  const parsed = parseJson(body);
  if (!parsed.ok) return undefined;
  let value: unknown = parsed.value;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** Models often answer with a bare number as text; an empty text is none, whatever `Number('')` says. */
function numberIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function parseJson(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

function shortened(text: string): string {
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}…`;
}

const YES = { ok: true } as const;

function no(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
