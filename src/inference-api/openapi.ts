/** The OpenAPI 3.1 document, made of the very schemas that validate. */
import { z } from 'zod';
import { batchSchema, passengerSchema, predictionSchema, predictionsSchema } from './passenger.ts';
import { PROBLEM_MEDIA_TYPE, PROBLEMS, type ProblemCode } from './problems.ts';
import { modelSchema } from './routes/model.ts';

const fieldFaultSchema = z.object({
  pointer: z.string().optional().meta({ description: 'JSON Pointer into the body, as a fragment.' }),
  line: z.int().optional().meta({ description: 'Of a CSV body, counted from 1.' }),
  column: z.string().optional(),
  detail: z.string(),
});

const problemSchema = z
  .object({
    type: z.string().meta({ description: 'Leads to the entry in this document.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().meta({ description: 'urn:inference: and the inference id.' }),
    errors: z.array(fieldFaultSchema).optional(),
  })
  .meta({ id: 'Problem', title: 'A problem (RFC 9457)' });

const SCHEMAS = {
  Passenger: passengerSchema,
  Batch: batchSchema,
  Prediction: predictionSchema,
  Predictions: predictionsSchema,
  Model: modelSchema,
  Problem: problemSchema,
} as const;

const ref = (name: keyof typeof SCHEMAS) => ({ $ref: `#/components/schemas/${name}` });

/** Any JSON value, as the document is made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

function componentSchemas(): Record<string, Json> {
  const all = Object.entries(SCHEMAS).map(([name, schema]) => {
    // Every schema with an id, this one as well, comes as a definition that is referred to.
    const { $defs = {} } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
    const { id: _, ...own } = $defs[name] ?? {};
    const text = JSON.stringify(own).replaceAll('"#/$defs/', '"#/components/schemas/');
    return [name, JSON.parse(text) as Json] as const;
  });
  return Object.fromEntries(all);
}

function problems(...codes: readonly ProblemCode[]): Record<string, Json> {
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code][0]);
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [
      String(status),
      {
        description: same.map((code) => `${PROBLEMS[code][1]} (${code})`).join('; '),
        content: { [PROBLEM_MEDIA_TYPE]: { schema: ref('Problem') } },
        ...([429, 503].includes(status)
          ? { headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } } }
          : {}),
      },
    ]),
  );
}

const text = { schema: { type: 'string' } };
const json = (name: keyof typeof SCHEMAS) => ({ 'application/json': { schema: ref(name) } });

const answerHeaders = {
  'x-inference-id': { description: "The caller's own, or one made here.", schema: { type: 'string' } },
  'x-model-package-version': {
    description: 'The version that answered; two with a comma while an update is under way.',
    schema: { type: 'string' },
  },
  'x-served-variant': { description: "SageMaker's production variant.", schema: { type: 'string' } },
};

const CSV_EXAMPLE = '1,female,29\n3,male,30';

/** The whole document. */
export function openApiDocument(): { readonly [key: string]: Json } {
  return {
    openapi: '3.1.0',
    info: {
      title: 'titanic inference API',
      version: '1',
      description: 'Would they have survived? Answered by whichever model serves now.',
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }, { bearer: [] }],
    paths: {
      '/v1/predict': {
        post: {
          operationId: 'predict',
          summary: 'The chance of survival of one passenger, or of several.',
          parameters: [
            header('x-inference-id', 'An id of your own for this request.', '^[\\w.:-]{1,64}$'),
            header('traceparent', 'W3C Trace Context, passed on.'),
          ],
          requestBody: {
            required: true,
            content: {
              'application/json': { schema: { oneOf: [ref('Passenger'), ref('Batch')] } },
              'text/csv': { ...text, examples: { two: { summary: 'class,sex,age', value: CSV_EXAMPLE } } },
            },
          },
          responses: {
            '200': {
              description: 'Predictions, in the content type of the request.',
              headers: answerHeaders,
              content: {
                'application/json': { schema: { oneOf: [ref('Prediction'), ref('Predictions')] } },
                'text/csv': text,
              },
            },
            ...problems(
              'malformed-body',
              'malformed-inference-id',
              'not-authenticated',
              'not-allowed',
              'body-too-slow',
              'body-too-large',
              'unsupported-media-type',
              'invalid-passenger',
              'refused-by-model',
              'too-many-requests',
              'internal-error',
              'model-failed',
              'unreadable-answer',
              'upstream-failed',
              'upstream-refused',
              'credentials-uncheckable',
              'overloaded',
              'model-busy',
              'no-model',
              'endpoint-unknown',
              'model-timeout',
            ),
          },
        },
      },
      '/v1/model': {
        get: {
          operationId: 'model',
          summary: 'What serves: package, version, since when, and the rollout that brought it.',
          responses: {
            '200': { description: 'As last read.', content: json('Model') },
            ...problems(
              'not-authenticated',
              'not-allowed',
              'too-many-requests',
              'credentials-uncheckable',
              'no-model',
              'model-unknown',
            ),
          },
        },
      },
      '/healthz': { get: open('healthz', 'Alive. Never asks the model.') },
      '/readyz': {
        get: {
          ...open('readyz', 'Whether predictions can be asked for, what is missing, and what is stale.'),
          responses: { '200': { description: 'Ready.' }, '503': { description: 'Not ready.' } },
        },
      },
      '/metrics': {
        get: {
          operationId: 'metrics',
          summary: 'Prometheus text; needs the scope "metrics".',
          responses: {
            '200': { description: 'Metrics.', content: { 'text/plain': text } },
            ...problems('not-authenticated', 'not-allowed', 'too-many-requests', 'credentials-uncheckable'),
          },
        },
      },
      '/docs': { get: open('docs', 'This page.') },
      '/docs/openapi.json': { get: open('openapi', 'This document.') },
      '/docs/style.css': { get: open('style', "The page's style.") },
    },
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        key: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        bearer: { type: 'http', scheme: 'bearer', description: 'The same key, or a token of the configured issuer.' },
      },
    },
  };
}

function open(operationId: string, summary: string) {
  return { operationId, summary, security: [], responses: { '200': { description: 'Yes.' } } };
}

function header(name: string, description: string, pattern?: string) {
  const schema = { type: 'string', ...(pattern === undefined ? {} : { pattern }) };
  return { name, in: 'header', required: false, description, schema };
}
