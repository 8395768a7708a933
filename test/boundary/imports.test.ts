import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Import, importsOf, sourcesBelow, withoutComments } from '../support/source-imports.ts';

const SOURCES = ['src', 'handlers', 'blocks', 'sandbox', 'bench', 'test'].flatMap(sourcesBelow);
const IMPORTS = SOURCES.flatMap(importsOf);
const PRODUCT = /^(src|handlers|blocks)\//;

/** Imports from files of the first kind to targets of the second, but for those that are allowed; as lines to read. */
function crossing(from: RegExp, to: RegExp, allowed: (each: Import) => boolean = () => false): readonly string[] {
  return IMPORTS.filter((each) => from.test(each.from) && to.test(each.to) && !allowed(each)).map(
    (each) => `${each.from} → ${each.to}`,
  );
}

/** Imports from a folder to anything but these. */
function beyond(from: RegExp, ...allowed: readonly RegExp[]): readonly string[] {
  return crossing(from, /./, (each) => allowed.some((pattern) => pattern.test(each.to)));
}

/** What an edge shows of a verification: its result's type. */
const FINDINGS = /^src\/verify-live\/check\.ts$/;

/** What is paid, and what would do with less. */
const COSTS = /^src\/cost\//;

/** Files of the core that meet the world through ports; all others are pure. */
const SHELL = new Set(
  [
    'abort-after',
    'announce',
    'announce-cards',
    'called-again',
    'commit',
    'engine',
    'engine-deps',
    'log',
    'log-form',
    'observe',
    'pass',
    'perform',
    'perform-cleanup',
    'perform-register',
    'perform-trip',
    'snapshot',
    'submit',
    'won-intent',
  ].map((name) => `src/rollout/${name}.ts`),
);
const CORE = SOURCES.filter((path) => path.startsWith('src/rollout/'));
const PURE = CORE.filter((path) => !SHELL.has(path));

describe('the walk', () => {
  test('finds files and imports, or the rules below would hold of nothing', () => {
    expect(SOURCES.length).toBeGreaterThan(150);
    expect(IMPORTS.length).toBeGreaterThan(500);
    expect(importsOf('src/rollout/decide.ts').map((each) => each.to)).toContain('src/rollout/decide-command.ts');
    expect(IMPORTS.filter((each) => each.to === '@slack/bolt')).not.toEqual([]);
    expect([...SHELL].filter((path) => !CORE.includes(path))).toEqual([]);
  });

  test('finds every import statement that names another file', () => {
    const missed = SOURCES.filter((path) => {
      const named = withoutComments(path).match(/^(?:import|export) .* from '.*';$|^} from '.*';$|^import '.*';$/gm);
      return importsOf(path).length < (named?.length ?? 0);
    });
    expect(missed).toEqual([]);
  });
});

describe('the rollout core', () => {
  test('imports only itself, ports, the canonical form and zod', () => {
    const allowed = [/^src\/rollout\//, /^src\/ports\//, /^src\/evidence\/canonical\.ts$/, /^zod$/];
    expect(beyond(/^src\/rollout\//, ...allowed)).toEqual([]);
  });

  test('takes nothing but types from ports', () => {
    expect(crossing(/^src\/rollout\//, /^src\/ports\//, (each) => each.typeOnly)).toEqual([]);
  });

  test('decides without ports, adapters, clocks or the shell around it', () => {
    const pure = new Set(PURE);
    // The stored form of an entry is a port's type; card types name nothing else.
    const found = IMPORTS.filter((each) => pure.has(each.from) && !pure.has(each.to)).filter((each) => {
      const canonical = ['src/evidence/canonical.ts', 'zod'].includes(each.to);
      const hashes = ['seal', 'entry', 'past-break'].some((name) => each.from === `src/rollout/${name}.ts`);
      const readers = ['src/rollout/entry.ts', 'src/rollout/past-break.ts'];
      const storedForm = readers.includes(each.from) && each.to === 'src/ports/log-store.ts' && each.typeOnly;
      return !(canonical && hashes) && !storedForm;
    });
    expect(found.map((each) => `${each.from} → ${each.to}`)).toEqual([]);
  });

  test.each([
    ['reads no clock', /\bDate\.now\b|new Date\(\s*\)|\bDate\(\s*\)|\bperformance\b/],
    ['sets no timer', /\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b|\bnextTick\b/],
    ['draws no lots', /\bMath\.random\b|\bcrypto\b|\brandomUUID\b/],
    ['knows no process', /\bprocess\b|\bglobalThis\b|\bconsole\b/],
    ['speaks to no network', /\bfetch\b|\bXMLHttpRequest\b|\bWebSocket\b/],
  ])('%s by itself', (_, forbidden) => {
    const found = CORE.flatMap((path) => {
      // What stands in quotes is a sentence.
      const code = withoutComments(path).replace(/'(?:[^'\\\n]|\\.)*'/g, "''");
      return forbidden.test(code) ? [`${path}: ${forbidden.exec(code)?.[0]}`] : [];
    });
    expect(found).toEqual([]);
  });

  test('waits for nothing where it decides', () => {
    expect(PURE.filter((path) => /\bawait\b|\basync\b|\bPromise\b/.test(withoutComments(path)))).toEqual([
      'src/rollout/api.ts',
    ]);
  });

  test('can be told to leave a rule out by the simulation alone', () => {
    const naming = SOURCES.filter((path) => PRODUCT.test(path) && /[mM]utation/.test(withoutComments(path)));
    expect(naming.filter((path) => !path.startsWith('src/rollout/'))).toEqual([]);
    expect(crossing(/^(?!src\/rollout\/|test\/simulation\/)/, /^src\/rollout\/mutations\.ts$/)).toEqual([]);
    // Nothing in the core sets them: every mention asks, hands on, or is the type.
    const set = CORE.filter((path) => /mutations\s*[:=]\s*(?:new Set|\[)/.test(withoutComments(path)));
    expect(set).toEqual([]);
  });

  test('mints the right to send in one place, after a won append', () => {
    const minting = SOURCES.filter(
      (path) => PRODUCT.test(path) && /\bmintWon(?:Intent|Deletion|Approval|Trip)\b/.test(withoutComments(path)),
    );
    expect(minting.sort()).toEqual(['src/rollout/log.ts', 'src/rollout/won-intent.ts']);
  });
});

describe('around the core', () => {
  test('ports name types of the core and of each other, and nothing else', () => {
    expect(beyond(/^src\/ports\//, /^src\/ports\//, /^src\/rollout\//)).toEqual([]);
    expect(IMPORTS.filter((each) => each.from.startsWith('src/ports/') && !each.typeOnly)).toEqual([]);
  });

  test('ports name none of the shell but the proof of a won append', () => {
    const shell = [...SHELL].filter((path) => path !== 'src/rollout/won-intent.ts');
    expect(IMPORTS.filter((each) => each.from.startsWith('src/ports/') && shell.includes(each.to))).toEqual([]);
  });

  test('blocks know the core, the words of commands and the shape of a message, and no package', () => {
    const words = /^src\/(command-types|format-command)\.ts$/;
    expect(beyond(/^blocks\//, /^blocks\//, /^src\/rollout\//, /^src\/ports\//, FINDINGS, COSTS, words)).toEqual([]);
    expect(crossing(/^blocks\//, /^src\/(ports|verify-live)\//, (each) => each.typeOnly)).toEqual([]);
  });

  test('handlers know blocks, commands and the core, and no adapter', () => {
    const allowed = [
      /^handlers\//,
      /^blocks\//,
      /^src\/(rollout|ports)\//,
      /^src\/(command|format-command|calendar)[a-z-]*\.ts$/,
    ];
    expect(beyond(/^handlers\//, ...allowed, FINDINGS, COSTS, /^@slack\/bolt$/, /^zod$/)).toEqual([]);
    expect(
      [...SHELL].flatMap((path) => crossing(/^handlers\//, new RegExp(`^${path}$`), (each) => each.typeOnly)),
    ).toEqual([]);
  });

  test('adapters know neither handlers, blocks nor what composes them', () => {
    expect(crossing(/^src\/adapters\//, /^(handlers|blocks)\/|^src\/(compose|main|cli)/)).toEqual([]);
  });

  test('adapters are known only where the program is put together', () => {
    const roots =
      /^src\/(compose|compose-aws|compose-costs|main|cli|service-runtime)\.ts$|^src\/adapters\/|^src\/cli\/|^src\/inference-api\/(compose|main)\.ts$/;
    expect(crossing(/^(src|handlers|blocks)\//, /^src\/adapters\//, (each) => roots.test(each.from))).toEqual([]);
  });

  test('what counts costs knows the core, ports and its table of prices, and no AWS and no Slack', () => {
    expect(beyond(COSTS, COSTS, /^src\/rollout\//, /^src\/ports\//, /^zod$/)).toEqual([]);
    expect(crossing(COSTS, /^src\/ports\//, (each) => each.typeOnly)).toEqual([]);
    expect([...SHELL].flatMap((path) => crossing(COSTS, new RegExp(`^${path}$`), (each) => each.typeOnly))).toEqual([]);
  });

  test('what measures knows no AWS and no Slack', () => {
    expect(crossing(/^src\/smoke\//, /^src\/(adapters|rollout)\/|^@/)).toEqual([]);
  });
});

describe('the inference API', () => {
  const INSIDE = /^src\/inference-api\//;

  test('knows nothing of rollouts and of Slack: itself, the shape of a logger, and its own packages', () => {
    const packages = /^(node:.*|fastify|@fastify\/cors|helmet|undici|jose|prom-client|zod)$/;
    const allowed = [INSIDE, /^src\/(ports\/logger|nearest-word)\.ts$/, packages];
    const composing = (each: Import) =>
      /^src\/inference-api\/(compose|main)\.ts$/.test(each.from) && each.to.startsWith('src/adapters/');
    expect(
      crossing(INSIDE, /./, (each) => allowed.some((pattern) => pattern.test(each.to)) || composing(each)),
    ).toEqual([]);
  });

  test('is known to nobody but its own adapters, who know its ports and types alone', () => {
    const own = /^src\/adapters\/inference-[a-z-]+\.ts$/;
    const ports = (each: Import) => own.test(each.from) && each.to === 'src/inference-api/ports.ts' && each.typeOnly;
    expect(crossing(/^(src|handlers|blocks)\//, INSIDE, (each) => INSIDE.test(each.from) || ports(each))).toEqual([]);
  });

  test('loads neither the engine nor Slack, by whatever way, when it starts', () => {
    const reached = new Set(['src/inference-api/main.ts']);
    for (const path of reached) {
      for (const each of IMPORTS) if (each.from === path && !each.typeOnly) reached.add(each.to);
    }
    expect(reached.size).toBeGreaterThan(30);
    expect(
      [...reached].filter((path) => /^(src\/(rollout|smoke|evidence)|handlers|blocks)\/|^@slack\//.test(path)),
    ).toEqual([]);
  });
});

describe('packages', () => {
  test('of AWS are named only by adapters', () => {
    expect(crossing(PRODUCT, /^@(aws-sdk|smithy)\//, (each) => each.from.startsWith('src/adapters/'))).toEqual([]);
  });

  test('of Slack are named only by handlers, adapters and the composition root', () => {
    const may = /^(handlers|src\/adapters)\/|^src\/compose\.ts$/;
    expect(crossing(PRODUCT, /^@slack\//, (each) => may.test(each.from))).toEqual([]);
  });

  test('that the product names are its dependencies, and no development ones', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const named = IMPORTS.filter((each) => PRODUCT.test(each.from) && !/^(src|handlers|blocks)\/|^node:/.test(each.to));
    const missing = named.filter((each) => !Object.hasOwn(dependencies, each.to));
    expect(missing.map((each) => `${each.from} → ${each.to}`)).toEqual([]);
  });
});

describe('what is not the product', () => {
  test('is not imported by it', () => {
    expect(crossing(PRODUCT, /^(sandbox|bench|test)\//)).toEqual([]);
  });

  test('is imported by nothing but itself and tests', () => {
    expect(crossing(/^sandbox\//, /^(bench|test)\//)).toEqual([]);
    expect(crossing(/^bench\//, /^test\//)).toEqual([]);
  });
});

/** Past 400 lines a file is usually two things. This one is known, and is to become shorter. */
const LONG = ['test/unit/config.test.ts'];

describe('files', () => {
  test('have at most 400 lines', () => {
    const long = SOURCES.filter((path) => readFileSync(path, 'utf8').split('\n').length - 1 > 400);
    expect(long.filter((path) => !LONG.includes(path))).toEqual([]);
    // One that became shorter is taken off the list.
    expect(LONG.filter((path) => !long.includes(path))).toEqual([]);
  });

  test('import each other with their ending', () => {
    const bare = IMPORTS.filter((each) => /^(src|handlers|blocks|sandbox|bench|test)\//.test(each.to));
    expect(bare.filter((each) => !/\.(ts|json)$/.test(each.to)).map((each) => each.statement)).toEqual([]);
  });
});
