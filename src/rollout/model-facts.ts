import type { PackageSeen } from './observation.ts';

/** What approvers are shown of a model package, and what the record keeps of it. Words of others, cut. */
export interface ModelFacts {
  readonly version: number | null;
  readonly description: string | null;
  /** Who registered it, as AWS says. */
  readonly createdBy: string | null;
  /** ISO 8601. */
  readonly createdAt: string | null;
  readonly commit: string | null;
  readonly repository: string | null;
  readonly image: string | null;
  readonly imageDigest: string | null;
  readonly modelData: string | null;
  /** Metadata of the registration, and where reports of its metrics lie; at most MOST_METRICS. */
  readonly metrics: Readonly<Record<string, string>>;
}

/** What the registry says of a package, beside what prod ran when it was asked; `beside` null: nothing, or not known. */
export interface RegistryFacts {
  readonly model: ModelFacts;
  readonly beside: ModelFacts | null;
}

const MOST_METRICS = 20;
const LONGEST = 300;

export function modelFacts(found: PackageSeen): ModelFacts {
  const [container] = found.containers;
  const { createdBy, createdAt, commit, repository, metrics } = found.about ?? NOTHING_KNOWN;
  return {
    version: found.version,
    description: short(found.description),
    createdBy: short(createdBy),
    createdAt,
    commit: short(commit),
    repository: short(repository),
    image: short(container?.image ?? null),
    imageDigest: container?.imageDigest ?? null,
    modelData: short(container?.modelDataUrl ?? null),
    metrics: Object.fromEntries(
      Object.entries(metrics)
        .slice(0, MOST_METRICS)
        .map(([name, value]) => [name.slice(0, LONGEST), value.slice(0, LONGEST)]),
    ),
  };
}

const NOTHING_KNOWN = { createdBy: null, createdAt: null, commit: null, repository: null, metrics: {} };

function short(words: string | null): string | null {
  return words === null ? null : words.slice(0, LONGEST);
}
