import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { docsPage } from '../../../src/inference-api/docs-page.ts';
import { openApiDocument } from '../../../src/inference-api/openapi.ts';
import { CLASSES, passengerSchema } from '../../../src/inference-api/passenger.ts';
import { PROBLEMS } from '../../../src/inference-api/problems.ts';

const document = openApiDocument();
const text = JSON.stringify(document);

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(JSON.parse(text))).toMatchObject({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  test('names every problem, and refers only to what is there', () => {
    for (const code of Object.keys(PROBLEMS)) {
      // What no request of its own leads to stands in the list of the page only.
      if (code !== 'not-found') expect(text).toContain(`(${code})`);
    }
    for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(document.components).toHaveProperty(`schemas.${name}`);
    }
    expect(text).not.toMatch(/\$defs|"id":/);
    expect(docsPage(document)).toContain('<td>sex</td>');
  });

  test('takes exactly the passengers that the service takes', () => {
    const ajv = new Ajv2020({ strict: false, schemas: [{ ...JSON.parse(text), $id: 'doc' }] });
    const documented = ajv.getSchema('doc#/components/schemas/Passenger');
    if (documented === undefined) throw new Error('There is no schema of a passenger.');
    const anything = fc.oneof(
      fc.constantFrom<unknown>(...CLASSES, 'female', 'male', '1', '', null),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -10, max: 130 }),
      fc.string(),
    );
    const passengers = fc.dictionary(fc.constantFrom('class', 'sex', 'age', 'name'), anything);
    let valid = 0;
    const aimed = fc.record(
      {
        class: fc.constantFrom(...CLASSES),
        sex: fc.constantFrom('female', 'male'),
        age: fc.double({ min: -1, max: 121, noNaN: true }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(passengers, aimed), (passenger) => {
        const { success } = passengerSchema.safeParse(passenger);
        if (success) valid += 1;
        expect(documented(passenger)).toBe(success);
      }),
      { numRuns: 500, seed: 1912 },
    );
    expect(valid).toBeGreaterThan(20);
  });
});

describe('the page', () => {
  const page = docsPage(document);

  test('has an anchor for every problem, and every request', () => {
    for (const code of Object.keys(PROBLEMS)) expect(page).toContain(`<tr id="${code}">`);
    for (const path of Object.keys(Object(document.paths))) expect(page).toContain(path);
  });

  test('loads nothing from outside and runs no script', () => {
    expect(page).not.toMatch(/<script|https?:\/\/(?!…)|\son\w+=|style="/);
    expect([...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link)).toEqual([
      '/docs/style.css',
      '/docs/openapi.json',
    ]);
  });

  test('shows what a text says and not what it could do', () => {
    const hostile = JSON.parse(text.replaceAll('Would they have survived?', '<img src=x onerror=alert(1)>'));
    expect(docsPage(hostile)).toContain('&lt;img src=x');
  });
});
