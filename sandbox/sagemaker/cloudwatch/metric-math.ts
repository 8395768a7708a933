/**
 * CloudWatch's metric math, as far as alarms commonly use it: arithmetic, comparisons, AND and OR, IF, FILL, ABS, and
 * SUM, AVG, MIN, MAX over a list. Everything is computed for one period at a time.
 */

/** The value of an id in the period; `undefined`: there is no data. */
export type ValueOf = (id: string) => number | undefined;

/** An expression that cannot be read. */
export class BadExpression extends Error {}

export interface Expression {
  /** The ids that it reads. */
  readonly ids: readonly string[];
  /** Whether it has a value also where none of what it reads has one. */
  readonly fills: boolean;
  valueIn(read: ValueOf): number | undefined;
}

type Node = (read: ValueOf) => number | undefined;

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(<=|>=|==|!=|&&|\|\||[-+*/^<>(),[\]]))/y;

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  '||': (a, b) => Number(a !== 0 || b !== 0),
};

/** Weakest first. */
const LEVELS = [
  ['||', 'OR'],
  ['&&', 'AND'],
  ['<', '>', '<=', '>=', '==', '!='],
  ['+', '-'],
  ['*', '/'],
] as const;

const LISTS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  AVG: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
};

/** Reads an expression; throws BadExpression. */
export function parseExpression(text: string): Expression {
  const tokens = tokensOf(text);
  const ids = new Set<string>();
  let at = 0;
  const peek = () => tokens[at];
  function next(): string | undefined {
    at += 1;
    return tokens[at - 1];
  }
  function expect(token: string): void {
    const found = next();
    if (found !== token) throw new BadExpression(`Expected "${token}" and found "${found ?? 'the end'}".`);
  }

  function level(n: number): Node {
    const words: readonly string[] | undefined = LEVELS[n];
    if (words === undefined) return unary();
    let left = level(n + 1);
    for (let token = peek(); token !== undefined && words.includes(token); token = peek()) {
      at += 1;
      left = both(OPERATORS[token === 'OR' ? '||' : token === 'AND' ? '&&' : token], left, level(n + 1));
    }
    return left;
  }

  function unary(): Node {
    if (peek() !== '-') return operand();
    at += 1;
    return both(OPERATORS['-'], () => 0, unary());
  }

  function operand(): Node {
    const token = next();
    if (token === undefined) throw new BadExpression('The expression ends too early.');
    if (token === '(') {
      const inner = level(0);
      expect(')');
      return inner;
    }
    if (/^\d/.test(token)) return () => Number(token);
    if (!/^[A-Za-z_]/.test(token)) throw new BadExpression(`"${token}" was not expected.`);
    if (peek() === '(') return call(token);
    ids.add(token);
    return (read) => read(token);
  }

  function call(name: string): Node {
    expect('(');
    const listed = peek() === '[';
    if (listed) at += 1;
    const parts = [level(0)];
    while (peek() === ',') {
      at += 1;
      parts.push(level(0));
    }
    if (listed) expect(']');
    expect(')');
    return functionOf(name, parts, listed);
  }

  const node = level(0);
  if (at < tokens.length) throw new BadExpression(`"${peek()}" was not expected.`);
  return { ids: [...ids], fills: tokens.includes('FILL'), valueIn: node };
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new BadExpression(`"${text.slice(from).trim()}" cannot be read.`);
    tokens.push(match[1] ?? match[2] ?? match[3] ?? '');
  }
  return tokens;
}

/** Without data where either side is without, and where the result is no number, such as after a division by zero. */
function both(operate: ((a: number, b: number) => number) | undefined, left: Node, right: Node): Node {
  return (read) => {
    const [a, b] = [left(read), right(read)];
    if (a === undefined || b === undefined || operate === undefined) return undefined;
    const value = operate(a, b);
    return Number.isFinite(value) ? value : undefined;
  };
}

function functionOf(name: string, parts: readonly Node[], listed: boolean): Node {
  const [first, second, third] = parts;
  const list = LISTS[name];
  if (list !== undefined && listed) {
    return (read) => {
      const values = parts.map((part) => part(read)).filter((value) => value !== undefined);
      return values.length === 0 ? undefined : list(values);
    };
  }
  if (name === 'IF' && first !== undefined && second !== undefined && parts.length <= 3) {
    return (read) => {
      const condition = first(read);
      if (condition === undefined) return undefined;
      return condition === 0 ? third?.(read) : second(read);
    };
  }
  if (name === 'FILL' && first !== undefined && second !== undefined && parts.length === 2)
    return (read) => first(read) ?? second(read);
  if (name === 'ABS' && first !== undefined && parts.length === 1) {
    return (read) => {
      const value = first(read);
      return value === undefined ? undefined : Math.abs(value);
    };
  }
  throw new BadExpression(`The sandbox does not know ${name} with these arguments.`);
}
