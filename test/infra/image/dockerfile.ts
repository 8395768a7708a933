import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** One step of the Dockerfile. */
export interface Step {
  readonly instruction: string;
  /** What follows it, lines joined. */
  readonly text: string;
}

export interface Stage {
  readonly name: string;
  /** An image, or an earlier stage. */
  readonly from: string;
  readonly steps: readonly Step[];
}

/** The repository's Dockerfile by stages, with its ARGs of before the first stage filled in. */
export function readDockerfile(): readonly Stage[] {
  const source = readFileSync(`${ROOT}Dockerfile`, 'utf8');
  const joined = source.replace(/^\s*#.*\n/gm, '').replaceAll(/\\\n\s*/g, ' ');
  const steps = joined
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(
      (line): Step => ({ instruction: line.split(' ', 1)[0] ?? '', text: line.slice(line.indexOf(' ') + 1).trim() }),
    );
  const args = new Map<string, string>();
  const stages: { name: string; from: string; steps: Step[] }[] = [];
  for (const step of steps) {
    const stage = stages.at(-1);
    if (step.instruction === 'FROM') {
      const [from = '', , name = ''] = step.text.split(' ');
      stages.push({ name, from: from.replaceAll(/\$\{(\w+)\}/g, (_, arg: string) => args.get(arg) ?? ''), steps: [] });
    } else if (stage === undefined) {
      const [arg = '', value = ''] = step.text.split('=');
      args.set(arg, value);
    } else stage.steps.push(step);
  }
  return stages;
}

/** The steps of a target, those of the stages under it first. */
export function stepsOf(stages: readonly Stage[], target: string): readonly Step[] {
  const stage = stages.find(({ name }) => name === target);
  if (stage === undefined) return [];
  return [...stepsOf(stages, stage.from), ...stage.steps];
}

/** The last step of a kind, which is the one that holds. */
export function lastOf(steps: readonly Step[], instruction: string): string | null {
  return steps.findLast((step) => step.instruction === instruction)?.text ?? null;
}

/** Variables that the image sets. */
export function variablesOf(steps: readonly Step[]): Readonly<Record<string, string>> {
  const pairs = steps.filter(({ instruction }) => instruction === 'ENV').flatMap(({ text }) => text.split(/\s+/));
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}
