/**
 * Which model serves, kept up to date beside the predictions and never in their way. It follows the endpoint, so a
 * promotion or a rollback needs no change here.
 */
import type { ConfigModels, EndpointSight, ServedModelReader, VariantModel } from './ports.ts';

export interface ServedModelDeps {
  readonly reader: ServedModelReader;
  /** How often DescribeEndpoint is asked at rest, milliseconds. */
  readonly everyMs: number;
  /** And while an update is under way, or was just noticed. */
  readonly changingEveryMs: number;
  readonly nowMs: () => number;
  readonly onRead: (read: 'ok' | 'failed', why?: string) => void;
  readonly onChange: (served: Served | null) => void;
}

export interface Served {
  readonly endpoint: EndpointSight;
  readonly live: ConfigModels;
  /** What an update under way leads to; null: none is, or it cannot be read. */
  readonly pending: ConfigModels | null;
  /** Epoch ms since when this config is known to be live: the endpoint's last change when it was first seen. */
  readonly sinceMs: number;
  readonly checkedAtMs: number;
}

export interface ServedModel {
  /** undefined: not read yet; null: there is no such endpoint. */
  current(): Served | null | undefined;
  /**
   * The package version that answered, as a header says it: `3`; while an update is under way and either may have
   * answered, `1, 3`; undefined where it is not known.
   */
  versionOf(variant: string | undefined): string | undefined;
  start(): void;
  stop(): void;
}

/** Chains of configs that are kept: the live one, the next, and those a rollback leads to. */
const CONFIGS_KEPT = 16;

/** Begins to read with `start`. */
export function createServedModel(deps: ServedModelDeps): ServedModel {
  const chains = new Map<string, ConfigModels>();
  let served: Served | null | undefined;
  let versions = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = true;
  let reading = false;
  let nudged = false;

  async function chainOf(configName: string): Promise<ConfigModels> {
    const known = chains.get(configName);
    if (known !== undefined) return known;
    const read = await deps.reader.modelsOf(configName);
    chains.set(configName, read);
    const [oldest] = chains.keys();
    if (chains.size > CONFIGS_KEPT && oldest !== undefined) chains.delete(oldest);
    return read;
  }

  async function read(): Promise<void> {
    const endpoint = await deps.reader.describe();
    if (endpoint === null) return take(null);
    const live = await chainOf(endpoint.configName);
    const { pendingConfigName } = endpoint;
    const pending = pendingConfigName === null ? null : await chainOf(pendingConfigName).catch(() => null);
    const same = served?.endpoint.configName === endpoint.configName;
    take({
      endpoint,
      live,
      pending,
      // Scaling changes the endpoint too, but not since when this model serves.
      sinceMs: same && served ? served.sinceMs : endpoint.modifiedAtMs,
      checkedAtMs: deps.nowMs(),
    });
  }

  function take(next: Served | null): void {
    const before = served;
    served = next;
    versions = next === null ? new Map() : headerValues(next);
    if (before === undefined || before?.endpoint.configName !== next?.endpoint.configName) deps.onChange(next);
  }

  async function pass(): Promise<void> {
    reading = true;
    nudged = false;
    await read().then(
      () => deps.onRead('ok'),
      // What was known stays: an unreadable control plane says nothing about the model.
      (error: unknown) => deps.onRead('failed', error instanceof Error ? error.message : String(error)),
    );
    reading = false;
    if (!stopped) schedule(isChanging(served) ? deps.changingEveryMs : deps.everyMs);
  }

  function schedule(inMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void pass(), inMs);
    timer.unref();
  }

  /** Once until the next reading, or under load it would be put off for ever. */
  function nudge(): void {
    if (nudged || reading || stopped) return;
    nudged = true;
    schedule(deps.changingEveryMs);
  }

  return {
    current: () => served,
    versionOf(variant) {
      if (variant === undefined) return undefined;
      const known = versions.get(variant);
      // A variant that this config does not have: the endpoint has moved on.
      if (known === undefined && served !== undefined) nudge();
      return known;
    },
    start() {
      stopped = false;
      void pass();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function isChanging(served: Served | null | undefined): boolean {
  return served == null || served.endpoint.pendingConfigName !== null || served.endpoint.status !== 'InService';
}

/** For each variant the versions that may answer for it now. */
function headerValues({ live, pending, endpoint }: Served): Map<string, string> {
  const values = new Map<string, string>();
  // A pending config that cannot be read could be anything, so nothing is claimed.
  if (endpoint.pendingConfigName !== null && pending === null) return values;
  for (const { variant } of [...live.variants, ...(pending?.variants ?? [])]) {
    const found = [live, ...(pending === null ? [] : [pending])].flatMap(({ variants }) =>
      variants.filter((one) => one.variant === variant),
    );
    const all = found.map(versionIn);
    if (!all.includes(undefined)) values.set(variant, [...new Set(all)].join(', '));
  }
  return values;
}

/** `arn:…:model-package/group/7` → `7`; undefined: no versioned package. */
export function versionIn({ packageArn }: Pick<VariantModel, 'packageArn'>): string | undefined {
  return packageArn === null ? undefined : /\/(\d+)$/.exec(packageArn)?.[1];
}
