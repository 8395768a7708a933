import { isMap, isSeq, parseDocument } from 'yaml';
import { Unavailable } from '../context.ts';

/** One value of `titanic.yml`, by the keys that lead to it; undefined: the key is to be away. */
export interface Setting {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** `titanic.yml` as it is written, comments included. */
export interface ConfigText {
  /** The text at a path; undefined: there is none. */
  at(...path: readonly (string | number)[]): string | undefined;
  /** Whether anything stands at a path. */
  has(...path: readonly (string | number)[]): boolean;
  readonly services: number;
  /** With these settings, and the paths of those that differ from what was there. */
  with(settings: readonly Setting[]): { readonly text: string; readonly changed: readonly string[] };
}

const HEAD = ' yaml-language-server: $schema=./titanic.schema.json';
/** Written in one line each, as in the example. */
const IN_ONE_LINE = [['slack', 'approvers'], ['slack', 'operators'], ['tags']];

/** Reads what is there, without asking whether it is whole. null: nothing is there. */
export function readConfigText(text: string | null, path: string): ConfigText {
  const document = parseDocument(text ?? '');
  if (document.errors.length > 0) throw new Unavailable(`${path} is no YAML: mend it, or move it out of the way.`);
  const services = document.getIn(['services'], true);
  return {
    at: (...keys) => {
      const value = document.getIn(keys);
      return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
    },
    has: (...keys) => document.hasIn(keys),
    services: isSeq(services) ? services.items.length : 0,
    with: (settings) => changedText(text, settings),
  };
}

function changedText(text: string | null, settings: readonly Setting[]) {
  const document = parseDocument(text ?? '{}');
  if (text === null && isMap(document.contents)) document.contents.flow = false;
  const changed: string[] = [];
  for (const { path, value } of settings) {
    const before = document.getIn(path);
    if (before === value) continue;
    changed.push(path.join('.'));
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, typeof value === 'object' ? document.createNode(value) : value);
  }
  if (changed.length === 0) return { text: text ?? '', changed };
  if (text === null) {
    document.commentBefore = HEAD;
    for (const path of IN_ONE_LINE) {
      const node = document.getIn(path, true);
      if (isMap(node)) node.flow = true;
    }
  }
  return { text: document.toString({ lineWidth: 0 }), changed };
}
