/** Makes an API key: `node src/inference-api/new-key.ts ID [SCOPE …]`. The key goes to its holder, the entry to the list. */
import { hash, randomBytes } from 'node:crypto';
import process from 'node:process';
import { keyFileSchema } from './auth/api-keys.ts';

const [id, ...scopes] = process.argv.slice(2);
const key = `titanic_${randomBytes(32).toString('base64url')}`;
const entry = {
  id,
  sha256: hash('sha256', key),
  scopes: scopes.length === 0 ? ['predict', 'model'] : scopes,
  perMinute: 600,
};
const read = keyFileSchema.safeParse({ keys: [entry] });
if (!read.success) {
  console.error('Usage: node src/inference-api/new-key.ts ID [predict] [model] [metrics]');
  process.exit(2);
}
console.log(`The key, shown this once: ${key}`);
console.log(`The entry for the list of keys: ${JSON.stringify(entry)}`);
