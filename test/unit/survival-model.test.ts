import { describe, expect, test } from 'vitest';
import { gradientAt, probabilityOf } from '../../sandbox/sagemaker/model/fit-logistic.ts';
import { BadPassenger, passengerFromJson, passengersFromCsv } from '../../sandbox/sagemaker/model/read-passengers.ts';
import { CHILD_UNDER_YEARS, fitSurvivalModel, observationsOf } from '../../sandbox/sagemaker/model/survival-model.ts';
import { survivalTable } from '../../sandbox/sagemaker/model/survival-table.ts';

describe('the survival table', () => {
  test('has 2,201 people of whom 711 survived', () => {
    const survived = survivalTable.reduce((sum, group) => sum + group.survived, 0);
    const died = survivalTable.reduce((sum, group) => sum + group.died, 0);
    expect({ people: survived + died, survived }).toEqual({ people: 2201, survived: 711 });
  });
});

describe.each(['class-sex', 'class-sex-age'] as const)('the model on %s', (featureSet) => {
  const model = fitSurvivalModel(featureSet);
  const observations = observationsOf(featureSet);

  test('is at the maximum of the likelihood', () => {
    for (const slope of gradientAt(model.coefficients, observations)) expect(Math.abs(slope)).toBeLessThan(1e-8);
  });

  test('expects exactly as many survivors as there were, in all and in every class and sex', () => {
    const featureCount = observations[0]?.features.length ?? 0;
    for (let feature = 0; feature < featureCount; feature += 1) {
      const concerned = observations.filter(({ features }) => features[feature] === 1);
      const expected = concerned.reduce(
        (sum, { features, trials }) => sum + trials * probabilityOf(model.coefficients, features),
        0,
      );
      const actual = concerned.reduce((sum, { successes }) => sum + successes, 0);
      expect(expected).toBeCloseTo(actual, 6);
    }
  });

  test('finds that women fared better than men, and the first class better than the third', () => {
    const of = (passengerClass: 'first' | 'third', sex: 'female' | 'male') =>
      model.predict({ passengerClass, sex, ageYears: 30 });
    expect(of('first', 'female')).toBeGreaterThan(of('first', 'male'));
    expect(of('first', 'female')).toBeGreaterThan(of('third', 'female'));
    expect(of('first', 'female')).toBeGreaterThan(0.5);
    expect(of('third', 'male')).toBeLessThan(0.2);
  });
});

test('the coefficients are those of the maximum-likelihood fit, to four decimals', () => {
  const rounded = (values: readonly number[]) => values.map((value) => Number(value.toFixed(4)));
  expect(rounded(fitSurvivalModel('class-sex-age').coefficients)).toMatchInlineSnapshot(`
    [
      2.0438,
      -1.0181,
      -1.7778,
      -0.8577,
      -2.4201,
      1.0615,
    ]
  `);
  expect(rounded(fitSurvivalModel('class-sex').coefficients)).toMatchInlineSnapshot(`
    [
      2.0682,
      -0.9526,
      -1.6582,
      -0.8808,
      -2.4213,
    ]
  `);
});

test('age counts only in the model that was fitted on it, and only across its own limit', () => {
  const [plain, aged] = [fitSurvivalModel('class-sex'), fitSurvivalModel('class-sex-age')];
  const boy = (ageYears: number | undefined) => ({ passengerClass: 'third', sex: 'male', ageYears }) as const;
  expect(plain.predict(boy(4))).toBe(plain.predict(boy(40)));
  expect(aged.predict(boy(CHILD_UNDER_YEARS - 1))).toBeGreaterThan(aged.predict(boy(CHILD_UNDER_YEARS)));
  expect(aged.predict(boy(undefined))).toBe(aged.predict(boy(40)));
});

test('the model that knows about age is the better one', () => {
  const [plain, aged] = [fitSurvivalModel('class-sex'), fitSurvivalModel('class-sex-age')];
  expect(aged.accuracy).toBeGreaterThan(plain.accuracy);
  expect(aged.brierScore).toBeLessThan(plain.brierScore);
});

describe('reading passengers', () => {
  test('takes CSV lines of class, sex and age, with the age left out or not', () => {
    expect(passengersFromCsv('1,female,29\ncrew,male\n3, MALE ,\n')).toEqual([
      { passengerClass: 'first', sex: 'female', ageYears: 29 },
      { passengerClass: 'crew', sex: 'male', ageYears: undefined },
      { passengerClass: 'third', sex: 'male', ageYears: undefined },
    ]);
  });

  test('takes a JSON object', () => {
    expect(passengerFromJson('{"class":3,"sex":"male","age":30}')).toEqual({
      passengerClass: 'third',
      sex: 'male',
      ageYears: 30,
    });
  });

  test.each([
    '',
    '4,male,30',
    '1,other,30',
    '1,male,old',
    '1,male,-1',
    '1,male,121',
    '1',
    '1,male,3,4',
    'constructor,male',
  ])('refuses the CSV %j', (body) => {
    expect(() => passengersFromCsv(body)).toThrow(BadPassenger);
  });

  test.each(['', '[]', 'null', '{', '{"class":3}', '{"class":3,"sex":"male","age":"30"}'])(
    'refuses the JSON %j',
    (body) => {
      expect(() => passengerFromJson(body)).toThrow(BadPassenger);
    },
  );
});
