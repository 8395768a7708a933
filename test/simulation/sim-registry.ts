import type { ModelRegistry } from '../../src/ports/model-registry.ts';
import { known, type PackageSeen, type Reading, unknown } from '../../src/rollout/observation.ts';
import type { Chance } from './chance.ts';
import type { CallOut } from './sim-log-store.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a model version really is like; nobody is told. */
export interface Nature {
  readonly answers: 'right' | 'wrong' | 'wrong-in-prod' | 'hard-to-measure';
  readonly health: 'ok' | 'fails' | 'fails-in-prod';
}

/** What a package was from a moment on, and who made it so. */
export interface PackageChange {
  readonly atMs: number;
  readonly seen: PackageSeen;
  /** The intent of titanic behind it; null: somebody outside. */
  readonly by: RegistryIntent | null;
}

export interface RegistryIntent {
  readonly service: string;
  readonly intent: number;
}

/** A call that sets a status, as it arrived. */
export interface StatusCall extends RegistryIntent {
  readonly packageArn: string;
  readonly status: 'Approved' | 'Rejected';
  readonly description: string;
  readonly token: string;
  readonly by: string;
}

export interface Registry {
  readonly groups: ReadonlyMap<string, readonly PackageSeen[]>;
  byArn(arn: string): PackageSeen | null;
  nature(arn: string): Nature;
  add(group: string, approval: PackageSeen['approval'], nature: Nature): PackageSeen;
  change(arn: string, change: (seen: PackageSeen) => PackageSeen, atMs: number, by?: RegistryIntent): void;
  /** When this package last changed, and from what: what was sealed may be older. */
  changesOf(arn: string): readonly PackageChange[];
  /** As it was then. */
  at(arn: string, atMs: number): PackageSeen | null;
  /**
   * A ClientToken that was used before changes nothing more, and is a conflict with another request. The emulator has
   * the same. True: it was taken.
   */
  setStatus(call: StatusCall, atMs: number): boolean;
  /** Where packages stand in their life cycle, as last told. */
  readonly stages: Map<string, string>;
}

export function createRegistry(): Registry {
  const groups = new Map<string, PackageSeen[]>();
  const natures = new Map<string, Nature>();
  const changes = new Map<string, PackageChange[]>();
  const tokens = new Map<string, string>();

  const byArn = (arn: string) => changes.get(arn)?.at(-1)?.seen ?? null;

  function change(
    arn: string,
    change: (seen: PackageSeen) => PackageSeen,
    atMs: number,
    by: RegistryIntent | null = null,
  ): void {
    for (const list of groups.values()) {
      const index = list.findIndex((p) => p.arn === arn);
      const before = list[index];
      if (before === undefined) continue;
      const seen = change(before);
      list[index] = seen;
      changes.get(arn)?.push({ atMs, seen, by });
    }
  }

  return {
    groups,
    byArn,
    nature: (arn) => natures.get(arn) ?? { answers: 'right', health: 'ok' },
    changesOf: (arn) => changes.get(arn) ?? [],
    add(group, approval, nature) {
      const list = groups.get(group) ?? [];
      groups.set(group, list);
      const version = list.length + 1;
      const arn = `arn:aws:sagemaker:eu-west-1:123456789012:model-package/${group}/${version}`;
      const seen = packageOf(arn, group, version, approval);
      list.push(seen);
      natures.set(arn, nature);
      changes.set(arn, [{ atMs: Number.NEGATIVE_INFINITY, seen, by: null }]);
      return seen;
    },
    change,
    at: (arn, atMs) => changes.get(arn)?.findLast((c) => c.atMs <= atMs)?.seen ?? null,
    setStatus({ packageArn, status, description, token, service, intent }, atMs) {
      const asked = `${packageArn} ${status} ${description}`;
      const before = tokens.get(token);
      if (before !== undefined) return before === asked;
      tokens.set(token, asked);
      change(packageArn, (p) => ({ ...p, approval: status }), atMs, { service, intent });
      return true;
    },
    stages: new Map(),
  };
}

function packageOf(arn: string, group: string, version: number, approval: PackageSeen['approval']): PackageSeen {
  const container = {
    image: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${group}:v${version}`,
    imageDigest: `sha256:${`${group}-${version}`.padEnd(64, '0')}`,
    modelDataUrl: `s3://models/${group}/${version}/model.tar.gz`,
    modelDataEtag: `etag-${version}`,
  };
  return {
    arn,
    group,
    version,
    approval,
    status: 'Completed',
    description: null,
    containers: [container],
    inferenceSpec: { Containers: [{ image: container.image, modelDataUrl: container.modelDataUrl }] },
  };
}

const REGISTRY_TIMEOUT_MS = 20_000;
/** Of a package that changed: never older than this. */
const STALEST_MS = 5_000;

/** One process's view of the registry; `stale`: how many of its descriptions are old ones. */
export function createSimRegistry(
  registry: Registry,
  time: VirtualTime,
  chance: Chance,
  call: CallOut,
  stale: number,
): ModelRegistry {
  function read<T>(name: string, detail: string, apply: () => T): Promise<Reading<T>> {
    return call<Reading<T>>({
      name: `registry.${name}`,
      detail,
      weight: 3,
      timeoutMs: REGISTRY_TIMEOUT_MS,
      apply: () => known(apply()),
      lost: (why) => unknown(why),
      throttled: () => unknown('ThrottlingException'),
    });
  }

  return {
    newestApproved: (group) =>
      read(
        'newestApproved',
        group,
        () => registry.groups.get(group)?.findLast((p) => p.approval === 'Approved') ?? null,
      ),
    byVersion: (group, version) =>
      read('byVersion', `${group}/${version}`, () => registry.groups.get(group)?.[version - 1] ?? null),
    byArn: (arn) =>
      read('byArn', arn, () => {
        const staleMs = chance.happens(stale) ? chance.between(0, STALEST_MS) : 0;
        return registry.at(arn, time.nowMs - staleMs);
      }),
    list: (group, limit) => read('list', group, () => (registry.groups.get(group) ?? []).toReversed().slice(0, limit)),
  };
}
