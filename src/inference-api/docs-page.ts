/** The documentation as a page: rendered once from the OpenAPI document, readable without script. */
import { z } from 'zod';
import { PROBLEMS } from './problems.ts';

const schemaShape = z.looseObject({
  $ref: z.string().optional(),
  title: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
});

const operationShape = z.looseObject({
  summary: z.string(),
  responses: z.record(z.string(), z.looseObject({ description: z.string() })),
});

const documentShape = z.looseObject({
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), operationShape)),
  components: z.looseObject({ schemas: z.record(z.string(), schemaShape) }),
});

const CALLS = `curl -H 'X-API-Key: titanic_…' -H 'content-type: application/json' \\
     -d '{"class": 3, "sex": "male", "age": 30}' https://…/v1/predict

curl -H 'X-API-Key: titanic_…' -H 'content-type: text/csv' \\
     --data-binary $'1,female,29\\n3,male,30' https://…/v1/predict`;

/** A whole HTML page. Every text from the document is escaped. */
export function docsPage(openApi: unknown): string {
  const { info, paths, components } = documentShape.parse(openApi);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, { summary, responses }]) => `<section>
<h3><code>${method.toUpperCase()} ${escaped(path)}</code></h3>
<p>${escaped(summary)}</p>
<table><thead><tr><th scope="col">Status</th><th scope="col">Means</th></tr></thead><tbody>
${Object.entries(responses)
  .map(([status, { description }]) => row(status, description))
  .join('\n')}
</tbody></table>
</section>`,
    ),
  );
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `<section id="schema-${escaped(name)}">
<h3>${escaped(schema.title ?? name)}</h3>
<table><thead><tr><th scope="col">Field</th><th scope="col">Type</th><th scope="col">Means</th></tr></thead><tbody>
${fieldsOf(schema)}
</tbody></table>
</section>`,
  );
  const problems = Object.entries(PROBLEMS).map(
    ([code, [status, title, advice]]) =>
      `<tr id="${code}"><td>${status}</td><td><code>${code}</code></td><td>${escaped(title)}. ${escaped(advice)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(info.title)}</title><link rel="stylesheet" href="/docs/style.css"></head>
<body><main>
<h1>${escaped(info.title)}</h1>
<p>${escaped(info.description)} The same as a document: <a href="/docs/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
<h2>How to call</h2>
<p>Send your key as <code>X-API-Key</code> or as a bearer token. Every answer carries <code>x-inference-id</code>; predictions
also <code>x-model-package-version</code> and <code>x-served-variant</code>.</p>
<pre tabindex="0"><code>${escaped(CALLS)}</code></pre>
<h2>Requests</h2>
${operations.join('\n')}
<h2>Bodies</h2>
${schemas.join('\n')}
<h2>Problems</h2>
<table><thead><tr><th scope="col">Status</th><th scope="col">Type</th><th scope="col">What to do</th></tr></thead><tbody>
${problems.join('\n')}
</tbody></table>
</main></body></html>
`;
}

function row(...cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
}

function fieldsOf(schema: z.infer<typeof schemaShape>): string {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([name, value]) => {
    const field = schemaShape.parse(value);
    return row(required.has(name) ? name : `${name} (optional)`, typeWords(field), field.description ?? '');
  });
  return fields.join('\n');
}

function typeWords(schema: z.infer<typeof schemaShape>): string {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? '';
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(', ');
  const several = schema.oneOf ?? schema.anyOf;
  if (several !== undefined) return several.map((one) => typeWords(schemaShape.parse(one))).join(' or ');
  if (schema.type === 'array') return `list of ${typeWords(schemaShape.parse(schema.items ?? {}))}`;
  return [schema.type ?? 'any'].flat().join(' or ');
}

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
