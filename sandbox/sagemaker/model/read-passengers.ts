/** Reads what the served model is asked: CSV lines `class,sex,age`, or JSON. */
import { isJsonObject } from '../wire/json-value.ts';
import type { PassengerClass, Sex } from './survival-table.ts';

export interface Passenger {
  readonly passengerClass: PassengerClass;
  readonly sex: Sex;
  readonly ageYears: number | undefined;
}

/** What is wrong with a request body; the container answers it with status 400. */
export class BadPassenger extends Error {
  override readonly name = 'BadPassenger';
}

/** More lines than this in one request are refused. */
const LINES_MAX = 1000;
const AGE_MAX_YEARS = 120;

const classes: Readonly<Record<string, PassengerClass>> = {
  '1': 'first',
  '2': 'second',
  '3': 'third',
  first: 'first',
  second: 'second',
  third: 'third',
  crew: 'crew',
};

/** One passenger per line, in the columns class, sex, age; the age may be left empty. Throws BadPassenger. */
export function passengersFromCsv(body: string): Passenger[] {
  const lines = body.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new BadPassenger('the body has no line');
  if (lines.length > LINES_MAX) throw new BadPassenger(`more than ${LINES_MAX} lines`);
  return lines.map((line, index) => {
    const columns = line.split(',').map((column) => column.trim());
    if (columns.length < 2 || columns.length > 3)
      throw new BadPassenger(`line ${index + 1} needs the columns class,sex,age`);
    const [passengerClass, sex, age] = columns;
    return passengerOf(passengerClass, sex, age === undefined || age === '' ? undefined : Number(age));
  });
}

/** `{"class":3,"sex":"male","age":30}`. Throws BadPassenger. */
export function passengerFromJson(body: string): Passenger {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new BadPassenger('the body is not JSON');
  }
  if (!isJsonObject(value)) throw new BadPassenger('the body must be an object with class, sex and age');
  return passengerOf(value.class, value.sex, value.age ?? undefined);
}

function passengerOf(passengerClass: unknown, sex: unknown, age: unknown): Passenger {
  const known = Object.hasOwn(classes, String(passengerClass).toLowerCase())
    ? classes[String(passengerClass).toLowerCase()]
    : undefined;
  if (known === undefined) throw new BadPassenger('class must be 1, 2, 3 or crew');
  const wantedSex = String(sex).toLowerCase();
  if (wantedSex !== 'female' && wantedSex !== 'male') throw new BadPassenger('sex must be female or male');
  if (age === undefined) return { passengerClass: known, sex: wantedSex, ageYears: undefined };
  if (typeof age !== 'number' || !Number.isFinite(age) || age < 0 || age > AGE_MAX_YEARS)
    throw new BadPassenger(`age must be a number of years from 0 to ${AGE_MAX_YEARS}`);
  return { passengerClass: known, sex: wantedSex, ageYears: age };
}
