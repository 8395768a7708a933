import type { EndpointCall } from '../../src/rollout/events.ts';
import type { ChainSeen, EndpointSeen } from '../../src/rollout/observation.ts';
import type { Strategy } from '../../src/rollout/strategy.ts';
import { type AlarmWorld, createAlarmWorld } from './alarm-world.ts';
import type { Chance } from './chance.ts';
import { type ArrivedCall, createEndpointTruth, type EndpointTruth, variantsOf } from './endpoint-truth.ts';
import { followGuarded } from './guarded-update.ts';
import { createParts, type Parts } from './sagemaker-parts.ts';
import type { Registry } from './sim-registry.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How long things take in this life, and how often they go wrong by themselves. */
export interface Temper {
  updateMs(): number;
  deleteMs(): number;
  readonly silentRollback: number;
  readonly rollbackFailed: number;
  readonly quotaRefusal: number;
  /** How many new fleets of prod err more than the old ones; absent: those whose model is wrong there. */
  readonly worseFleets?: number;
  /** LastModifiedTime also changes when an update ends; not known of the real one. */
  readonly stampsAtEnd: boolean;
}

export type Refusal = { readonly words: string; readonly retryable: boolean };

/** SageMaker as it really is, with its own journal: what the invariants are checked against. */
export interface SageMaker extends Parts {
  readonly endpoints: ReadonlyMap<string, EndpointTruth>;
  readonly arrived: readonly ArrivedCall[];
  readonly alarms: AlarmWorld;
  /** Whether what a config serves errs more than what was there before. */
  readonly fleetIsWorse: (configName: string) => boolean;
  endpoint(name: string): EndpointTruth;
  where(name: string): { readonly service: string; readonly environment: 'staging' | 'prod' };
  chain(configName: string): ChainSeen | null;
  /** Our own call lands. null: accepted. */
  receive(call: EndpointCall, intent: number, by: string): Refusal | null;
  /** Somebody in the console. False: it is not possible now. */
  foreignUpdate(name: string, configName: string): boolean;
  foreignDelete(name: string): boolean;
  foreignScale(name: string, count: number): boolean;
  systemUpdate(name: string, forMs: number): boolean;
  /** From now on nothing goes wrong by itself. */
  calm(): void;
}

export interface SageMakerHooks {
  /** Before the effect of an accepted call. */
  accepted(arrived: ArrivedCall): void;
  became(endpoint: EndpointTruth): void;
}

const IN_PROGRESS = new Set(['Creating', 'Updating', 'SystemUpdating', 'RollingBack', 'Deleting']);

export function createSageMaker(
  names: ReadonlyMap<string, { readonly service: string; readonly environment: 'staging' | 'prod' }>,
  time: VirtualTime,
  chance: Chance,
  registry: Registry,
  temper: Temper,
  trace: Trace,
  hooks: SageMakerHooks,
  /** For guarded updates alone: other lives draw nothing of it. */
  guardChance: Chance,
): SageMaker {
  const endpoints = new Map([...names.keys()].map((name) => [name, createEndpointTruth(name)]));
  const parts = createParts(time, trace, temper.deleteMs);
  const { configs, models } = parts;
  const alarms = createAlarmWorld(time, trace);
  const arrived: ArrivedCall[] = [];
  let calm = false;

  const goesWrong = (probability: number) => !calm && chance.happens(probability);

  function endpoint(name: string): EndpointTruth {
    const found = endpoints.get(name);
    if (found === undefined) throw new Error(`No endpoint is ever called ${name}.`);
    return found;
  }

  function become(
    e: EndpointTruth,
    cause: 'call' | 'foreign' | 'system' | 'progress',
    seen: EndpointSeen | null,
    serving?: readonly string[],
  ): void {
    e.become(time.nowMs, cause, seen, serving);
    const shown = seen === null ? 'gone' : `${seen.status} ${seen.configName} pending=${seen.pendingConfigName ?? '-'}`;
    trace.note(time.nowMs, 'aws', `${e.name} ${cause}: ${shown}`);
    hooks.became(e);
  }

  function imagesOf(configName: string): readonly string[] {
    const arn = configs.get(configName)?.packageArn ?? null;
    const container = arn === null ? undefined : registry.byArn(arn)?.containers[0];
    return container === undefined ? [] : [`${container.image.split(':')[0]}@${container.imageDigest}`];
  }

  function healthFails(e: EndpointTruth, configName: string): boolean {
    const arn = configs.get(configName)?.packageArn ?? null;
    if (arn === null) return false;
    const { health } = registry.nature(arn);
    return health === 'fails' || (health === 'fails-in-prod' && names.get(e.name)?.environment === 'prod');
  }

  function fresh(e: EndpointTruth, configName: string, status: string): EndpointSeen {
    const count = configs.get(configName)?.instanceCount ?? 1;
    return {
      arn: e.arn,
      status,
      lastModified: e.stamp(time.nowMs),
      configName,
      pendingConfigName: null,
      failureReason: null,
      variants: variantsOf(count, count),
      images: imagesOf(configName),
      words: null,
    };
  }

  function startCreate(e: EndpointTruth, call: EndpointCall & { kind: 'create' }): void {
    e.tags = call.tags;
    become(e, 'call', { ...fresh(e, call.configName, 'Creating'), words: 'Launching 1 instance(s).' });
    const own = e.now;
    time.after(temper.updateMs(), () => {
      if (e.now !== own || own.seen === null) return;
      const failed = healthFails(e, call.configName) || goesWrong(temper.silentRollback);
      become(e, 'progress', {
        ...own.seen,
        status: failed ? 'Failed' : 'InService',
        failureReason: failed ? 'The primary container did not pass the ping health check.' : null,
        words: null,
        lastModified: temper.stampsAtEnd ? e.stamp(time.nowMs) : own.seen.lastModified,
      });
    });
  }

  function startUpdate(
    e: EndpointTruth,
    configName: string,
    cause: 'call' | 'foreign',
    retained: boolean,
    strategy?: Strategy,
  ): void {
    const old = e.now.seen;
    if (old === null) return;
    const counted = retained ? old.variants : variantsOf(configs.get(configName)?.instanceCount ?? 1, 1);
    become(e, cause, {
      ...old,
      status: 'Updating',
      lastModified: e.stamp(time.nowMs),
      pendingConfigName: configName,
      failureReason: null,
      words: 'Launching 1 instance(s).',
    });
    let own = e.now;
    const images = imagesOf(configName);
    const oldConfig = old.configName;
    const underWay = () => (e.now === own ? own.seen : null);
    const guarded =
      strategy === undefined
        ? null
        : followGuarded({ time, chance: guardChance, alarms }, configName, strategy, badness(configName), {
            seen: underWay,
            shows(seen) {
              become(e, 'progress', seen);
              own = e.now;
            },
            done: () => finish(() => false),
            undone: (failureReason) => finish(() => true, failureReason),
          });
    time.after(temper.updateMs(), () => {
      if (guarded === null) return finish(() => goesWrong(temper.silentRollback));
      if (underWay() === null) return;
      if (healthFails(e, configName) || goesWrong(temper.silentRollback)) finish(() => true);
      else guarded.running();
    });
    function finish(wrong: () => boolean, alarm?: string): void {
      const seen = underWay();
      if (seen === null) return;
      const lastModified = temper.stampsAtEnd ? e.stamp(time.nowMs) : seen.lastModified;
      const { keptSince: _, ...before } = seen;
      const over = { ...before, words: null, pendingConfigName: null, lastModified };
      if (alarm === undefined && goesWrong(temper.rollbackFailed)) {
        const failureReason = 'The rollback failed as well.';
        become(e, 'progress', { ...over, status: 'UpdateRollbackFailed', failureReason }, [oldConfig, configName]);
      } else if (alarm !== undefined || healthFails(e, configName) || wrong()) {
        // "May become empty after a silent rollback."
        const silent = alarm ?? 'The primary container did not pass the ping health check.';
        const failureReason = (alarm === undefined ? chance : guardChance).happens(0.3) ? null : silent;
        become(e, 'progress', { ...over, status: 'InService', failureReason });
      } else {
        become(e, 'progress', { ...over, status: 'InService', configName, images, variants: counted });
      }
    }
  }

  /** How likely the alarm of a new fleet notices what its model is. */
  function badness(configName: string): number {
    const arn = configs.get(configName)?.packageArn ?? null;
    return arn !== null && registry.nature(arn).answers === 'wrong-in-prod' ? 0.7 : 0.1;
  }

  const worse = new Map<string, boolean>();

  /** Decided when it is asked for first; drawn only where a life says so, so that others draw nothing of it. */
  function fleetIsWorse(configName: string): boolean {
    const known = worse.get(configName);
    if (known !== undefined) return known;
    const { worseFleets } = temper;
    const drawn = worseFleets === undefined ? badness(configName) > 0.5 : guardChance.happens(worseFleets);
    worse.set(configName, drawn);
    return drawn;
  }

  function startDelete(e: EndpointTruth, cause: 'call' | 'foreign'): void {
    const old = e.now.seen;
    if (old === null) return;
    become(e, cause, { ...old, status: 'Deleting', pendingConfigName: null });
    const own = e.now;
    time.after(temper.deleteMs(), () => {
      if (e.now === own) become(e, 'progress', null);
    });
  }

  /** SageMaker's order of checks; null: it would take the call. */
  function refusal(e: EndpointTruth, call: EndpointCall): Refusal | null {
    const { seen } = e.now;
    if (call.kind === 'create') {
      if (seen !== null) return no(`Cannot create already existing endpoint "${e.arn}".`);
    } else {
      if (seen === null) return no(`Could not find endpoint "${e.arn}".`);
      if (IN_PROGRESS.has(seen.status)) return later(`Cannot update in-progress endpoint "${e.arn}".`);
    }
    if (call.kind === 'delete') return null;
    if (seen?.status === 'Failed') return no(`Cannot update failed endpoint "${e.arn}".`);
    if (!configs.has(call.configName)) return no(`Could not find endpoint configuration "${call.configName}".`);
    const made = configs.get(call.configName);
    if (made !== undefined && made.packageArn !== null && !models.has(made.modelName))
      return no(`Could not find model "${made.modelName}".`);
    if (goesWrong(temper.quotaRefusal)) return no('The account-level service limit is 0 Instances.');
    return null;
  }

  return {
    endpoints,
    ...parts,
    arrived,
    alarms,
    fleetIsWorse,
    endpoint,
    where(name) {
      const found = names.get(name);
      if (found === undefined) throw new Error(`No endpoint is ever called ${name}.`);
      return found;
    },
    chain(configName) {
      const made = configs.get(configName);
      if (made === undefined) return null;
      const { modelName, instanceCount } = made;
      // A model that is gone leads to no package.
      const packageArn = models.has(modelName) ? made.packageArn : null;
      return { configName, modelName, packageArn, initialInstanceCount: instanceCount };
    },
    receive(call, intent, by) {
      const e = endpoint(call.endpointName);
      const where = names.get(call.endpointName) as { service: string; environment: 'staging' | 'prod' };
      const refused = refusal(e, call);
      const line = { atMs: time.nowMs, ...where, intent, call, by, accepted: refused === null, before: e.now.seen };
      arrived.push(line);
      trace.note(time.nowMs, 'aws', `${call.kind} ${e.name} #${intent} ${refused?.words ?? 'accepted'}`);
      if (refused !== null) return refused;
      hooks.accepted(line);
      if (call.kind === 'create') startCreate(e, call);
      else if (call.kind === 'update')
        startUpdate(e, call.configName, 'call', call.retainVariantProperties, call.strategy);
      else startDelete(e, 'call');
      return null;
    },
    foreignUpdate(name, configName) {
      const e = endpoint(name);
      if (e.now.seen === null || refusal(e, update(name, configName)) !== null) return false;
      startUpdate(e, configName, 'foreign', false);
      return true;
    },
    foreignDelete(name) {
      const e = endpoint(name);
      if (refusal(e, { kind: 'delete', endpointName: name }) !== null) return false;
      startDelete(e, 'foreign');
      return true;
    },
    foreignScale(name, count) {
      const e = endpoint(name);
      const { seen } = e.now;
      if (seen?.status !== 'InService') return false;
      become(e, 'foreign', { ...seen, lastModified: e.stamp(time.nowMs), variants: variantsOf(count, count) });
      return true;
    },
    systemUpdate(name, forMs) {
      const e = endpoint(name);
      const { seen } = e.now;
      if (seen?.status !== 'InService') return false;
      become(e, 'system', { ...seen, status: 'SystemUpdating' });
      const own = e.now;
      time.after(forMs, () => {
        if (e.now !== own) return;
        const lastModified = temper.stampsAtEnd ? e.stamp(time.nowMs) : seen.lastModified;
        become(e, 'system', { ...seen, lastModified });
      });
      return true;
    },
    calm() {
      calm = true;
    },
  };
}

function update(endpointName: string, configName: string): EndpointCall {
  return { kind: 'update', endpointName, configName, retainVariantProperties: false };
}

function no(words: string): Refusal {
  return { words, retryable: false };
}

function later(words: string): Refusal {
  return { words, retryable: true };
}
