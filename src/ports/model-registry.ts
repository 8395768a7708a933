import type { PackageSeen, Reading } from '../rollout/observation.ts';

/** The Model Registry, read only. null: there is none such. */
export interface ModelRegistry {
  /** The Approved package with the highest version. */
  newestApproved(group: string): Promise<Reading<PackageSeen | null>>;
  byVersion(group: string, version: number): Promise<Reading<PackageSeen | null>>;
  byArn(arn: string): Promise<Reading<PackageSeen | null>>;
  /** Newest version first, at most `limit`. */
  list(group: string, limit: number): Promise<Reading<readonly PackageSeen[]>>;
}
