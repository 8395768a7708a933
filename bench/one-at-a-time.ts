import { Client } from 'undici';

/** One way to the model: itself, or through something in between. */
export interface Way {
  readonly name: string;
  readonly port: number;
  readonly path: string;
  /** Name, value, name, value … */
  readonly headers: string[];
}

/** Milliseconds: the median of the passes, and the least and the most of them. */
export interface Spread {
  readonly middle: number;
  readonly least: number;
  readonly most: number;
}

export interface Compared {
  /** p50 of the first way. */
  readonly direct: Spread;
  /** By how much each other way's p50 was higher in the same pass. */
  readonly more: readonly (Spread & { readonly name: string })[];
}

const PASSES = 7;
/** Of each way and pass, one after the other in turn. */
const ROUNDS = 600;
const WARM_UP_ROUNDS = 1_000;

/**
 * One request at a time by each way in turn, so that whatever else the machine does meets all of them; and each pass is
 * compared with itself, because the machine is not the same from one second to the next.
 */
export async function oneAtATime(ways: readonly Way[], body: string): Promise<Compared> {
  const askers = ways.map((way) => asker(way, body));
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) for (const { ask } of askers) await ask();
  const passes: number[][] = [];
  for (let pass = 0; pass < PASSES; pass += 1) {
    const took = ways.map((): number[] => []);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [index, { ask }] of askers.entries()) took[index]?.push(await ask());
    }
    passes.push(took.map(median));
  }
  await Promise.all(askers.map(({ close }) => close()));
  const more = ways.slice(1).map(({ name }, index) => {
    return {
      name,
      ...spread(passes.map(([direct = Number.NaN, ...others]) => (others[index] ?? Number.NaN) - direct)),
    };
  });
  return { direct: spread(passes.map(([direct = Number.NaN]) => direct)), more };
}

/** `0.41 ms (0.38 to 0.47)` */
export function ms({ middle, least, most }: Spread): string {
  return `${middle.toFixed(2)} ms (${least.toFixed(2)} to ${most.toFixed(2)})`;
}

export const SAMPLES = `${PASSES} passes of ${ROUNDS} each`;

function asker({ port, path, headers }: Way, body: string) {
  const client = new Client(`http://127.0.0.1:${port}`);
  return {
    async ask(): Promise<number> {
      const startedMs = performance.now();
      const reply = await client.request({ method: 'POST', path, headers, body });
      await reply.body.text();
      if (reply.statusCode !== 200) throw new Error(`${path} answered ${reply.statusCode}.`);
      return performance.now() - startedMs;
    },
    close: () => client.close(),
  };
}

function spread(all: readonly number[]): Spread {
  return { middle: median(all), least: Math.min(...all), most: Math.max(...all) };
}

function median(all: readonly number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
}
