import { execFile, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Where the Terraform of the repository is. */
export const SOURCE = fileURLToPath(new URL('../../../infra/', import.meta.url));

/**
 * A copy to work in: Terraform writes beside its sources, two runs must not meet, and what is edited meanwhile must not
 * look like a difference.
 */
export const INFRA = mkdtempSync(join(tmpdir(), 'titanic-infra-'));
cpSync(SOURCE, INFRA, { recursive: true, filter: (path) => !/\/\.terraform/.test(path) });
process.on('exit', () => rmSync(INFRA, { recursive: true, force: true }));

/** Terraform in one folder. Its own files are kept outside of the repository. */
export interface Terraform {
  /** Runs and answers what was printed; throws with it when the exit code is none of those. */
  run(args: readonly string[], codes?: readonly number[]): { readonly code: number; readonly out: string };
  /** The same without blocking this process, which may be who is asked. */
  runBeside(args: readonly string[]): Promise<void>;
  close(): void;
}

const TEN_MINUTES_MS = 600_000;
/** With `-verbose` Terraform prints the provider's whole schema. */
const MUCH = 512 * 1024 * 1024;
const WORDS_KEPT = 4_000;

/** Nothing but this and the folder's files decides what Terraform does. */
function environment(dataDir: string): NodeJS.ProcessEnv {
  const { TF_CLI_CONFIG_FILE: _, ...rest } = process.env;
  const own = process.env.TF_PLUGIN_DIR === undefined ? { TF_CLI_CONFIG_FILE: process.env.TF_CLI_CONFIG_FILE } : {};
  const fixed = { CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_INPUT: '0', TF_DATA_DIR: dataDir };
  const aws = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_EC2_METADATA_DISABLED: 'true' };
  return { ...rest, ...own, ...fixed, ...aws };
}

export function openTerraform(folder: string): Terraform {
  const dataDir = mkdtempSync(join(tmpdir(), 'titanic-terraform-'));
  return {
    run(args, codes = [0]) {
      const done = terraform(folder, dataDir, args);
      const code = done.status ?? -1;
      if (!codes.includes(code))
        throw new Error(`terraform ${args[0]}: ${`${done.stderr}${done.stdout}`.slice(-WORDS_KEPT)}`);
      return { code, out: done.stdout };
    },
    runBeside: async (args) => {
      const settings = { cwd: folder, env: environment(dataDir), timeout: TEN_MINUTES_MS, maxBuffer: MUCH };
      await promisify(execFile)('terraform', [...args], settings);
    },
    close: () => rmSync(dataDir, { recursive: true, force: true }),
  };
}

function terraform(folder: string, dataDir: string, args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync('terraform', args, {
    cwd: folder,
    env: environment(dataDir),
    encoding: 'utf8',
    timeout: TEN_MINUTES_MS,
    maxBuffer: MUCH,
  });
}

/** `init`, from the folder of providers that TF_PLUGIN_DIR names, or from wherever Terraform finds them. */
export function initialised(folder: string): Terraform {
  const opened = openTerraform(folder);
  const from = process.env.TF_PLUGIN_DIR;
  const args = ['init', '-backend=false', '-no-color', ...(from === undefined ? [] : [`-plugin-dir=${from}`])];
  try {
    opened.run(args);
    return opened;
  } catch (error) {
    opened.close();
    throw error;
  }
}

/** Why nothing can be tried here, in one line; null: it can. */
export function whatIsMissing(): string | null {
  const found = spawnSync('terraform', ['version', '-json'], { encoding: 'utf8' });
  if (found.status !== 0) return 'terraform is not installed';
  try {
    initialised(INFRA).close();
    return null;
  } catch {
    return 'terraform cannot find the aws provider (set TF_PLUGIN_DIR to a folder of providers)';
  }
}
