import type { ModelRegistry } from '../../src/ports/model-registry.ts';
import { known, type PackageSeen, type Reading, unknown } from '../../src/rollout/observation.ts';
import type { CallOut } from './sim-log-store.ts';

/** What a model version really is like; nobody is told. */
export interface Nature {
  readonly answers: 'right' | 'wrong' | 'wrong-in-prod' | 'hard-to-measure';
  readonly health: 'ok' | 'fails' | 'fails-in-prod';
}

export interface Registry {
  readonly groups: ReadonlyMap<string, readonly PackageSeen[]>;
  byArn(arn: string): PackageSeen | null;
  nature(arn: string): Nature;
  add(group: string, approval: PackageSeen['approval'], nature: Nature): PackageSeen;
  change(arn: string, change: (seen: PackageSeen) => PackageSeen, atMs: number): void;
  /** When this package last changed, and from what: what was sealed may be older. */
  changesOf(arn: string): readonly { readonly atMs: number; readonly seen: PackageSeen }[];
}

export function createRegistry(): Registry {
  const groups = new Map<string, PackageSeen[]>();
  const natures = new Map<string, Nature>();
  const changes = new Map<string, { atMs: number; seen: PackageSeen }[]>();

  const byArn = (arn: string) => [...groups.values()].flat().find((p) => p.arn === arn) ?? null;

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
      changes.set(arn, [{ atMs: Number.NEGATIVE_INFINITY, seen }]);
      return seen;
    },
    change(arn, change, atMs) {
      for (const list of groups.values()) {
        const index = list.findIndex((p) => p.arn === arn);
        const before = list[index];
        if (before === undefined) continue;
        const seen = change(before);
        list[index] = seen;
        changes.get(arn)?.push({ atMs, seen });
      }
    },
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
    inferenceSpec: { containers: [{ image: container.image, modelDataUrl: container.modelDataUrl }] },
  };
}

const REGISTRY_TIMEOUT_MS = 20_000;

export function createSimRegistry(registry: Registry, call: CallOut): ModelRegistry {
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
    byArn: (arn) => read('byArn', arn, () => registry.byArn(arn)),
    list: (group, limit) => read('list', group, () => (registry.groups.get(group) ?? []).toReversed().slice(0, limit)),
  };
}
