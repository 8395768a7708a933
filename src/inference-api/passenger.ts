/** What may be asked: the schemas that validate it and that the documentation shows. */
import { z } from 'zod';
import { type FieldFault, Problem } from './problems.ts';

export const CLASSES = [1, 2, 3, 'first', 'second', 'third', 'crew'] as const;
export const AGE_MAX_YEARS = 120;
/** The model takes no more in one request. */
export const PASSENGERS_MAX = 1_000;

const CLASS_SAYS = 'must be 1, 2, 3, "first", "second", "third" or "crew"';
const AGE_SAYS = `must be a number of years from 0 to ${AGE_MAX_YEARS}`;

export const passengerSchema = z
  .strictObject({
    class: z.literal(CLASSES, { error: CLASS_SAYS }).meta({ description: 'Class of the ticket, or crew.' }),
    sex: z.enum(['female', 'male'], { error: 'must be "female" or "male"' }),
    age: z
      .number({ error: AGE_SAYS })
      .min(0, { error: AGE_SAYS })
      .max(AGE_MAX_YEARS, { error: AGE_SAYS })
      .optional()
      .meta({ description: 'In years. Younger than 13 counts as a child; left out, as an adult.' }),
  })
  .meta({ id: 'Passenger', title: 'A passenger', examples: [{ class: 3, sex: 'male', age: 30 }] });

export const batchSchema = z
  .strictObject({
    instances: z
      .array(passengerSchema)
      .min(1, { error: 'must hold at least one passenger' })
      .max(PASSENGERS_MAX, { error: `must hold at most ${PASSENGERS_MAX} passengers` }),
  })
  .meta({ id: 'Batch', title: 'Several passengers' });

const probability = z.number().min(0).max(1).meta({ description: 'Of surviving, from 0 to 1.' });
export const predictionSchema = z.strictObject({ probability }).meta({ id: 'Prediction', title: 'A prediction' });
export const predictionsSchema = z
  .strictObject({ predictions: z.array(predictionSchema) })
  .meta({ id: 'Predictions', title: 'Predictions in the order of the passengers' });

export type Passenger = z.infer<typeof passengerSchema>;

/** A request that was checked. */
export type Question =
  | { readonly kind: 'one'; readonly passenger: Passenger }
  | { readonly kind: 'batch'; readonly passengers: readonly Passenger[] }
  | { readonly kind: 'csv'; readonly passengers: readonly Passenger[] };

/** More faults than this are not listed. */
const FAULTS_MAX = 20;

/** Reads a JSON body: one passenger, or `{"instances": […]}`. Throws a Problem. */
export function questionOfJson(text: string): Question {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem('malformed-body', { detail: 'The body is not JSON.' });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid([{ pointer: '#', detail: 'must be an object: a passenger, or {"instances": [passengers]}' }]);
  }
  if (!('instances' in value)) {
    const read = passengerSchema.safeParse(value);
    if (read.success) return { kind: 'one', passenger: read.data };
    throw invalidBy(read.error.issues);
  }
  // Thousands of faulty passengers are not looked at one by one when there are too many of them anyway.
  if (Array.isArray(value.instances) && value.instances.length > PASSENGERS_MAX) {
    throw invalid([{ pointer: '#/instances', detail: `must hold at most ${PASSENGERS_MAX} passengers` }]);
  }
  const read = batchSchema.safeParse(value);
  if (read.success) return { kind: 'batch', passengers: read.data.instances };
  throw invalidBy(read.error.issues);
}

function invalid(faults: readonly FieldFault[], count = faults.length): Problem {
  return new Problem('invalid-passenger', {
    errors: faults.slice(0, FAULTS_MAX),
    ...(count > FAULTS_MAX ? { detail: `The first ${FAULTS_MAX} of ${count} faults are listed.` } : {}),
  });
}

/** A small body can hold tens of thousands of faults: only those that are listed are worked out. */
function invalidBy(issues: readonly z.core.$ZodIssue[]): Problem {
  const faults: FieldFault[] = [];
  let count = 0;
  for (const issue of issues) {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : undefined;
    count += unknown?.length ?? 1;
    if (faults.length >= FAULTS_MAX) continue;
    if (unknown === undefined) faults.push({ pointer: pointerOf(issue.path), detail: issue.message });
    for (const key of unknown?.slice(0, FAULTS_MAX) ?? []) {
      faults.push({ pointer: pointerOf([...issue.path, key]), detail: 'is not known here' });
    }
  }
  return invalid(faults, count);
}

/** A JSON Pointer as a URI fragment (RFC 6901, section 6). */
function pointerOf(path: readonly PropertyKey[]): string {
  const steps = path.map((step) =>
    // Half of a pair of surrogates, sent or left by the cut, is nothing that can be encoded.
    encodeURIComponent(String(step).slice(0, 64).toWellFormed().replace(/~/g, '~0').replace(/\//g, '~1')),
  );
  return `#${steps.map((step) => `/${step}`).join('')}`;
}

const COLUMNS = ['class', 'sex', 'age'] as const;

/** Reads a CSV body: one passenger per line, `class,sex,age`, no heading; the age may be left empty. Throws a Problem. */
export function questionOfCsv(text: string): Question {
  const lines = text.split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length === 0) throw invalid([{ line: 1, detail: 'must hold a passenger: class,sex,age' }]);
  if (lines.length > PASSENGERS_MAX) {
    throw invalid([{ line: PASSENGERS_MAX + 1, detail: `must hold at most ${PASSENGERS_MAX} passengers` }]);
  }
  const faults: FieldFault[] = [];
  const passengers = lines.flatMap((line, index): Passenger[] => {
    const cells = line.split(',').map((cell) => cell.trim());
    if (cells.length < 2 || cells.length > COLUMNS.length) {
      faults.push({ line: index + 1, detail: 'must have the columns class,sex,age' });
      return [];
    }
    const [cabin = '', sex, age = ''] = cells;
    const read = passengerSchema.safeParse({
      class: /^[123]$/.test(cabin) ? Number(cabin) : cabin,
      sex,
      ...(age === '' ? {} : { age: /^\d{1,3}(\.\d{1,6})?$/.test(age) ? Number(age) : age }),
    });
    if (read.success) return [read.data];
    for (const issue of read.error.issues) {
      faults.push({ line: index + 1, column: String(issue.path[0] ?? ''), detail: issue.message });
    }
    return [];
  });
  if (faults.length > 0) throw invalid(faults);
  return { kind: 'csv', passengers };
}
