import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export interface Import {
  /** The file that imports, from the repository's root. */
  readonly from: string;
  /** A file from the repository's root, or a package with its scope and name. */
  readonly to: string;
  /** Vanishes when types are stripped. */
  readonly typeOnly: boolean;
  readonly statement: string;
}

/** TypeScript files below a folder, from the repository's root. */
export function sourcesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sourcesBelow(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

/** The source without its comments. Good enough for house style: no comment signs stand in strings but in URLs. */
export function withoutComments(path: string): string {
  return readFileSync(path, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
}

const STATIC = /^(?:import|export)\s(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
const DYNAMIC = /\bimport\(\s*['"`]([^'"`]+)['"`]\s*\)/g;

export function importsOf(path: string): readonly Import[] {
  const source = withoutComments(path);
  return [...source.matchAll(STATIC), ...source.matchAll(DYNAMIC)].map(([statement, specifier = '']) => ({
    from: path,
    to: targetOf(path, specifier),
    typeOnly: /^(?:import|export) type\s/.test(statement),
    statement,
  }));
}

function targetOf(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return normalize(join(dirname(from), specifier));
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
