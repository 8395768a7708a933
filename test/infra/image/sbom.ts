import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** As docs/image.md has it. */
const COMMAND = 'npm sbom --sbom-format cyclonedx';

interface Bom {
  readonly bomFormat: string;
  readonly components: readonly { readonly name: string; readonly version: string }[];
}

/** Where the bill of materials and what was really installed differ, as name@version. */
export function sbomDifferences(appFolder: string): { readonly listed: number; readonly differing: readonly string[] } {
  const [command = '', ...args] = COMMAND.split(' ');
  const bom: Bom = JSON.parse(
    execFileSync(command, args, { cwd: appFolder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  if (bom.bomFormat !== 'CycloneDX') return { listed: 0, differing: ['not in CycloneDX'] };
  const listed = new Set(bom.components.map(({ name, version }) => `${name}@${version}`));
  const installed = new Set(packagesBelow(join(appFolder, 'node_modules')));
  const onlyOne = [...listed, ...installed].filter((name) => listed.has(name) !== installed.has(name));
  return { listed: listed.size, differing: onlyOne.sort() };
}

function packagesBelow(modules: string): readonly string[] {
  if (!existsSync(modules)) return [];
  return readdirSync(modules, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory() || entry.name.startsWith('.')) return [];
    const path = join(modules, entry.name);
    if (entry.name.startsWith('@')) return packagesBelow(path);
    const { name, version } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as {
      name: string;
      version: string;
    };
    return [`${name}@${version}`, ...packagesBelow(join(path, 'node_modules'))];
  });
}
