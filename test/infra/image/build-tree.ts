import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, linkSync, mkdirSync, readdirSync, readlinkSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { ROOT, readDockerfile, type Step } from './dockerfile.ts';

/**
 * Makes the file tree of a target by the Dockerfile's own steps, for machines without a container engine. What an
 * engine adds, the base image and the isolation, is not made.
 * @param below an empty folder; each stage gets one of its own in it
 * @returns the folder that is `/` of the target
 */
export function buildTree(target: string, below: string): string {
  const stages = readDockerfile();
  const roots = new Map<string, string>();
  const folders = new Map<string, string>();
  for (const { name, from, steps } of stages) {
    const root = join(below, name);
    const under = roots.get(from);
    mkdirSync(root, { recursive: true });
    if (under !== undefined) linkTree(under, root);
    roots.set(name, root);
    let folder = folders.get(from) ?? '/';
    for (const step of steps) {
      if (step.instruction === 'WORKDIR') {
        folder = step.text;
        mkdirSync(join(root, folder), { recursive: true });
      } else if (step.instruction === 'COPY') copy(step, root, folder, roots);
      else if (step.instruction === 'RUN') run(step, join(root, folder));
    }
    folders.set(name, folder);
  }
  const made = roots.get(target);
  if (made === undefined) throw new Error(`the Dockerfile has no target ${target}`);
  return made;
}

function copy({ text }: Step, root: string, folder: string, roots: ReadonlyMap<string, string>): void {
  const words = text.split(' ');
  const stage = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined;
  const to = words.pop() ?? '.';
  const into = to.startsWith('/') ? join(root, to) : join(root, folder, to);
  for (const word of words) {
    const from = stage === undefined ? join(ROOT, word) : join(roots.get(stage) ?? '', word);
    if (!existsSync(from)) throw new Error(`COPY ${text}: ${word} is not there`);
    // A folder's content goes into the target, a file keeps its name in a folder.
    const isFile = statSync(from).isFile();
    const target = isFile && (to.endsWith('/') || to === '.') ? join(into, word) : into;
    // What a stage made is not changed any more, and node_modules is large.
    if (stage === undefined) cpSync(from, target, { recursive: true });
    else if (isFile) linkSync(from, target);
    else linkTree(from, target);
  }
}

/** The same files in another place, as links. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkSync(source, target);
  }
}

function run({ text }: Step, cwd: string): void {
  const [command = '', ...args] = JSON.parse(text) as string[];
  // As in the image: nothing of this machine's settings but where packages come from.
  execFileSync(command, args, { cwd, stdio: 'pipe', env: { ...process.env, NODE_ENV: 'production' } });
}

/** Every file of a tree with its size and time, to see whether anything was written. */
export function fingerprint(root: string): string {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files
    .sort()
    .map((file) => `${file} ${statSync(file).size} ${statSync(file).mtimeMs}`)
    .join('\n');
}
