import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Variables } from '../../environment.ts';

const outputShape = z.object({
  table: z.string(),
  executionRoleArn: z.string(),
  stagingRoleArn: z.string().optional(),
  prodRoleArn: z.string().optional(),
});

/** What `infra/` made and `titanic.yml` wants under `aws`. */
export type TerraformOutput = z.infer<typeof outputShape>;

const WITHIN_MS = 20_000;

/** Asks Terraform, where it is installed and has been applied in that folder; null: it says nothing of use. */
export async function readTerraform(folder: string, env: Variables): Promise<TerraformOutput | null> {
  try {
    const words = [`-chdir=${folder}`, 'output', '-json', 'titanic_yml'];
    const { stdout } = await promisify(execFile)('terraform', words, { timeout: WITHIN_MS, env: { ...env } });
    return outputShape.parse(JSON.parse(stdout));
  } catch {
    // Not installed, not applied, not here: what it would have said is asked for.
    return null;
  }
}
