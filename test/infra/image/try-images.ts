import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../../../sandbox/start-sandbox.ts';
import { buildTree, fingerprint } from './build-tree.ts';
import { ROOT } from './dockerfile.ts';
import { sbomDifferences } from './sbom.ts';
import { startTree } from './start-tree.ts';

export interface Tried {
  readonly target: string;
  /** null: all was as it must be. */
  readonly problem: string | null;
  readonly says: string;
}

/** Builds both targets' trees and starts them against the sandbox's Slack, SageMaker and DynamoDB. */
export async function tryImages(): Promise<readonly Tried[]> {
  const folder = mkdtempSync(join(tmpdir(), 'titanic-image-'));
  // The image's user has to reach it.
  chmodSync(folder, 0o755);
  const sandbox = await startSandbox();
  try {
    const bot = await tryOne('bot', folder, sandbox.env);
    const there = existsSync(`${ROOT}src/inference-api/main.ts`);
    const api = there ? [await tryOne('inference-api', folder, { ...sandbox.env, ...API })] : [];
    return [bot, ...api];
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const API = {
  INFERENCE_API_ENDPOINT: 'titanic-survival-prod',
  INFERENCE_API_AUTH: 'open-to-everybody',
  HOST: '127.0.0.1',
};

async function tryOne(target: string, folder: string, env: Readonly<Record<string, string>>): Promise<Tried> {
  const below = join(folder, target);
  const root = buildTree(target, below);
  const before = fingerprint(root);
  // The sandbox's configuration is not in the image; the image's own fits it as well.
  const { TITANIC_CONFIG: _, ...rest } = env;
  const { healthy, healthCheck, exitCode, asOther, tail } = await startTree(root, target, rest);
  const { listed, differing } = sbomDifferences(join(root, 'app'));
  const faults = [
    ...(healthy ? [] : ['not healthy']),
    ...(healthCheck ? [] : ['HEALTHCHECK fails']),
    ...(exitCode === 0 ? [] : [`SIGTERM ended it with ${exitCode}`]),
    ...(fingerprint(root) === before ? [] : ['it wrote into its own tree']),
    ...(existsSync(join(root, 'app/sandbox')) ? ['the sandbox is in it'] : []),
    ...differing.map((name) => `the SBOM and the image differ in ${name}`),
    ...(existsSync(join(root, 'app/node_modules/vitest')) ? ['development’s dependencies are in it'] : []),
  ];
  const whole = `its SBOM lists exactly the ${listed} packages in it`;
  const whose = asOther ? 'as the image’s user, who may write nothing' : 'without the right to write';
  return {
    target,
    problem: faults.length === 0 ? null : `${faults.join(', ')}\n${tail}`,
    says: `${target}: its tree, built by the Dockerfile’s steps, starts ${whose}, is healthy, and ends cleanly; ${whole}`,
  };
}
