import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { docsPage } from '../docs-page.ts';
import { openApiDocument } from '../openapi.ts';

/** The documentation: a page without script or outside resource, its style, and the document behind it. */
export function addDocs(app: FastifyInstance): void {
  const document = openApiDocument();
  const text = JSON.stringify(document);
  const page = docsPage(document);
  const style = readFileSync(new URL('../docs-style.css', import.meta.url), 'utf8');
  app.get('/docs', async (_, reply) => reply.type('text/html; charset=utf-8').send(page));
  app.get('/docs/openapi.json', async (_, reply) => reply.type('application/json').send(text));
  app.get('/docs/style.css', async (_, reply) => reply.type('text/css; charset=utf-8').send(style));
}
