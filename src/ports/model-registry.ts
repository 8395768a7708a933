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

/** A version of a group, as the list says it, without anything that would have to be asked for one by one. */
export interface VersionListed {
  readonly version: number;
  readonly approval: PackageSeen['approval'];
  readonly description: string | null;
  /** ISO 8601; null: the list does not say. */
  readonly createdAt: string | null;
}

/** The versions of a group, to choose from. */
export interface ModelVersions {
  /** Newest version first. */
  versions(group: string): Promise<Reading<readonly VersionListed[]>>;
}
