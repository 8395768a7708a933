import { readFile } from 'node:fs/promises';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

export interface Served {
  readonly contentType: string;
  readonly body: string;
}

const require = createRequire(import.meta.url);

/** What of `node_modules` the page may have, by the name under `/page/vendor/`. */
const VENDOR: Readonly<Record<string, string>> = {
  'preact.mjs': 'preact',
  'hooks.mjs': 'preact/hooks',
  'htm.mjs': 'htm',
};

/** Plain names below the folder only: no dots but the last one, so that no path leads out of it. */
const BROWSER_MODULE = /^(?:[a-z-]+\/)*[a-z-]+\.ts$/;
const STYLE = /^[a-z-]+\.(css|svg)$/;

/** A browser module (its types stripped, lines kept), a style sheet or a library; undefined: there is no such file. */
export async function serveFile(path: string): Promise<Served | undefined> {
  const [kind, ...rest] = path.split('/');
  const name = rest.join('/');
  if (kind === 'vendor') return vendorModule(name);
  if (kind === 'browser' && BROWSER_MODULE.test(name))
    return browserModule(new URL(`browser/${name}`, import.meta.url));
  if (kind === 'style' && STYLE.test(name)) return styleFile(new URL(`style/${name}`, import.meta.url), name);
  return undefined;
}

async function vendorModule(name: string): Promise<Served | undefined> {
  const specifier = Object.hasOwn(VENDOR, name) ? VENDOR[name] : undefined;
  if (specifier === undefined) return undefined;
  const path = specifier === 'htm' ? require.resolve('htm').replace(/htm\.js$/, 'htm.mjs') : require.resolve(specifier);
  const text = await readFile(path, 'utf8');
  return { contentType: 'text/javascript; charset=utf-8', body: text.replace(/^\/\/# sourceMappingURL=.*$/m, '') };
}

async function browserModule(url: URL): Promise<Served | undefined> {
  const text = await textOf(url);
  return text === undefined
    ? undefined
    : { contentType: 'text/javascript; charset=utf-8', body: stripTypeScriptTypes(text) };
}

async function styleFile(url: URL, name: string): Promise<Served | undefined> {
  const text = await textOf(url);
  const contentType = name.endsWith('.svg') ? 'image/svg+xml' : 'text/css; charset=utf-8';
  return text === undefined ? undefined : { contentType, body: text };
}

async function textOf(url: URL): Promise<string | undefined> {
  try {
    return await readFile(fileURLToPath(url), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
