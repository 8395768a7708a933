/** What the name of an instance type says of its size. */
export interface InstanceSize {
  /** `ml.m5`: types of one family have the same processor, and memory in proportion to their cores. */
  readonly family: string;
  /** As CPUUtilization counts them: each is 100 %. */
  readonly cores: number;
  /** No more than this, by the kind of the family. */
  readonly memoryGiB: number;
}

/** GiB a core, at most: general purpose, compute, memory. Of others titanic would have to read more than it does. */
const MEMORY_PER_CORE: Readonly<Record<string, number>> = { m: 4, c: 2, r: 8 };
const CORES_PER_XLARGE = 4;

/** null: its name does not say enough, or more counts than cores and memory (accelerators, CPU credits). */
export function sizeOf(instanceType: string): InstanceSize | null {
  const [, family = '', kind = '', size = ''] = /^(ml\.([mcr])\d[a-z]*)\.([a-z0-9]+)$/.exec(instanceType) ?? [];
  const cores = coresOf(size);
  const perCore = MEMORY_PER_CORE[kind];
  // The one of them whose cores are not four times its number.
  if (cores === null || perCore === undefined || instanceType === 'ml.c4.8xlarge') return null;
  return { family, cores, memoryGiB: cores * perCore };
}

function coresOf(size: string): number | null {
  if (size === 'large') return CORES_PER_XLARGE / 2;
  const [, times] = /^(\d{0,3})xlarge$/.exec(size) ?? [];
  if (times === undefined) return null;
  return CORES_PER_XLARGE * (times === '' ? 1 : Number(times));
}

/** The next smaller type of the same family among those that are offered; null: there is none. */
export function nextSmaller(instanceType: string, offered: readonly string[]): string | null {
  const own = sizeOf(instanceType);
  if (own === null) return null;
  const smaller = offered
    .map((type) => ({ type, size: sizeOf(type) }))
    .flatMap(({ type, size }) =>
      size !== null && size.family === own.family && size.cores < own.cores ? [{ type, cores: size.cores }] : [],
    )
    .sort((a, b) => b.cores - a.cores);
  return smaller[0]?.type ?? null;
}
