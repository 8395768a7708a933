import type { Event } from '../../src/rollout/events.ts';
import { resourceName } from '../../src/rollout/names.ts';
import type { Chance } from './chance.ts';
import type { SageMaker } from './sagemaker.ts';
import type { Nature, Registry } from './sim-registry.ts';
import type { Slack } from './sim-slack.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Everybody and everything that does not ask titanic: consoles, pipelines, AWS itself, Slack's bad days. */
export interface Outside {
  start(): void;
  /** Some of it happens exactly when it hurts: right after something was recorded. */
  reactTo(service: string, event: Event): void;
  rest(): void;
  changeOne(packageArn: string): void;
  takeName(configName: string): void;
  /** Somebody makes an endpoint of their own of that config. */
  guest(configName: string): void;
}

export interface OutsideTemper {
  /** Mean time between changes in the console; null: nobody opens it. */
  readonly consoleEveryMs: number | null;
  readonly systemUpdateEveryMs: number | null;
  readonly packageEveryMs: number;
  readonly slackBadDayEveryMs: number | null;
  readonly changedPackages: number;
  /** How often somebody takes the name that something of ours is going to have. */
  readonly takesNames: number;
  /** Mean time between endpoints that others make of our configs; null: nobody does. */
  readonly guestEveryMs: number | null;
  /** How often something of a service is there that is configured no more. */
  readonly orphans: number;
  /** How often somebody changes what a clean-up is about. */
  readonly meddles: number;
  /** How many of the new packages nobody has decided about. */
  readonly pendingPackages: number;
  /** How often somebody decides about a package in the console, when titanic is at it as well. */
  readonly decidesModels: number;
}

export function createOutside(world: {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly trace: Trace;
  readonly sagemaker: SageMaker;
  readonly registry: Registry;
  readonly slack: Slack;
  readonly groupOf: (service: string) => string;
  readonly services: readonly string[];
  readonly endpointName: (service: string, environment: 'staging' | 'prod') => string;
  readonly temper: OutsideTemper;
}): Outside {
  const { time, chance, trace, sagemaker, registry, slack, temper } = world;
  let lively = true;

  function every(meanMs: number, act: () => void): void {
    time.after(-Math.log(1 - chance.next()) * meanMs, () => {
      if (!lively) return;
      act();
      every(meanMs, act);
    });
  }

  function someNature(): Nature {
    return {
      answers: chance.happens(0.75) ? 'right' : chance.pick(['wrong', 'wrong-in-prod', 'hard-to-measure'] as const),
      health: chance.happens(0.85) ? 'ok' : chance.pick(['fails', 'fails-in-prod'] as const),
    };
  }

  function newPackage(service: string): void {
    const approval = chance.happens(temper.pendingPackages)
      ? 'PendingManualApproval'
      : chance.happens(0.85)
        ? 'Approved'
        : 'Rejected';
    const seen = registry.add(world.groupOf(service), approval, someNature());
    trace.note(time.nowMs, 'registry', `${seen.arn} ${approval}`);
  }

  function changePackage(service: string): void {
    const list = registry.groups.get(world.groupOf(service)) ?? [];
    if (list.length > 0) changeOne((chance.happens(0.6) ? (list.at(-1) ?? chance.pick(list)) : chance.pick(list)).arn);
  }

  function changeOne(arn: string): void {
    const digest = chance.hex(16);
    trace.note(time.nowMs, 'registry', `${arn} changes`);
    if (chance.happens(0.5)) {
      registry.change(arn, (p) => ({ ...p, approval: chance.pick(['Rejected', 'PendingManualApproval']) }), time.nowMs);
    } else {
      registry.change(
        arn,
        (p) => ({
          ...p,
          containers: p.containers.map((c) => ({ ...c, modelDataEtag: digest })),
          inferenceSpec: { digest, Containers: [{}] },
        }),
        time.nowMs,
      );
    }
  }

  /** In the console, about the same package as somebody in Slack. */
  function decideModel(service: string, version: number | null, longestMs: number, rejects: number): void {
    if (version === null || !chance.happens(temper.decidesModels)) return;
    time.after(chance.spread(500, longestMs), () => {
      const arn = registry.groups.get(world.groupOf(service))?.[version - 1]?.arn;
      if (!lively || arn === undefined) return;
      const approval = chance.happens(rejects) ? 'Rejected' : 'Approved';
      trace.note(time.nowMs, 'registry', `${arn} ${approval} in the console`);
      registry.change(arn, (p) => ({ ...p, approval }), time.nowMs);
    });
  }

  /** Somebody takes the name that ours is going to have. */
  function takeName(configName: string): void {
    if (sagemaker.configs.has(configName)) return;
    trace.note(time.nowMs, 'console', `makes ${configName}`);
    sagemaker.configs.set(configName, ownConfig(configName));
  }

  function ownConfig(configName: string) {
    return {
      configName,
      modelName: configName,
      packageArn: null,
      instanceCount: 1,
      tags: {},
      madeAtMs: time.nowMs,
    };
  }

  /** Somebody tries one of our configs on an endpoint of their own for a while. */
  function guest(configName: string): void {
    if (!sagemaker.configs.has(configName)) return;
    const name = `guest-${chance.hex(4)}`;
    trace.note(time.nowMs, 'console', `makes ${name} of ${configName}`);
    sagemaker.guests.set(name, { name, configName, tags: {}, sinceMs: time.nowMs, going: false });
    time.after(chance.spread(60_000, 3_600_000), () => sagemaker.deleteGuest(name));
  }

  /** What a service left that is configured no more, with our prefix and tags. */
  function leaveOrphan(): void {
    const name = 'titanic-gone-prod';
    const tags = { project: 'titanic-sagemaker' };
    const packageArn = 'arn:aws:sagemaker:eu-west-1:123456789012:model-package/titanic-gone/1';
    const part = `${name}-v1-r1`;
    const madeAtMs = 0;
    sagemaker.models.set(part, { modelName: part, packageArn, tags, madeAtMs });
    sagemaker.configs.set(part, { configName: part, modelName: part, packageArn, instanceCount: 1, tags, madeAtMs });
    sagemaker.guests.set(name, { name, configName: part, tags, sinceMs: 0, going: false });
  }

  /** What a plan of a clean-up rests on changes, before or after it is confirmed. */
  function meddle(service: string): void {
    if (!chance.happens(temper.meddles)) return;
    time.after(chance.spread(500, 200_000), () => {
      const ours = [...sagemaker.configs.keys()].filter((name) => name.startsWith(`titanic-${service}-`));
      if (!lively || ours.length === 0) return;
      const configName = chance.pick(ours);
      const what = chance.below(3);
      if (what === 0) guest(configName);
      else if (what === 1)
        sagemaker.foreignUpdate(world.endpointName(service, chance.pick(['staging', 'prod'])), configName);
      else if (!isLive(configName)) sagemaker.deletePart('endpoint configuration', configName);
    });
  }

  function isLive(configName: string): boolean {
    return [...sagemaker.endpoints.values()].some(
      ({ now }) => now.seen?.configName === configName || now.seen?.pendingConfigName === configName,
    );
  }

  /** A click in the console; many of them look exactly like something of ours. */
  function console(name: string): void {
    const seen = sagemaker.endpoint(name).now.seen;
    const known = [...sagemaker.configs.keys()];
    const what = chance.below(10);
    if (what < 4) {
      const configName = `console-${chance.hex(4)}`;
      sagemaker.configs.set(configName, ownConfig(configName));
      sagemaker.foreignUpdate(name, configName);
    } else if (what < 7 && known.length > 0) {
      sagemaker.foreignUpdate(name, chance.happens(0.5) ? (known.at(-1) ?? '') : chance.pick(known));
    } else if (what < 8) {
      sagemaker.foreignDelete(name);
    } else if (what < 9) {
      sagemaker.foreignScale(name, 1 + chance.below(4));
    } else if (known.length > 0) {
      const configName = chance.pick(known);
      if (seen?.configName !== configName) sagemaker.deletePart('endpoint configuration', configName);
    }
  }

  function slackHasABadDay(): void {
    const forMs = chance.spread(20_000, 600_000);
    const away = chance.happens(0.5);
    if (away) slack.away = true;
    else slack.groupsUnreadable = true;
    trace.note(time.nowMs, 'slack', away ? 'away' : 'groups unreadable');
    time.after(forMs, () => {
      if (away) slack.away = false;
      else slack.groupsUnreadable = false;
    });
  }

  return {
    start() {
      for (const service of world.services) {
        for (let i = 0; i < 2; i++)
          registry.add(world.groupOf(service), 'Approved', { answers: 'right', health: 'ok' });
        every(temper.packageEveryMs, () => newPackage(service));
        every(temper.packageEveryMs / Math.max(temper.changedPackages, 0.01), () => changePackage(service));
        for (const environment of ['staging', 'prod'] as const) {
          const name = world.endpointName(service, environment);
          if (temper.consoleEveryMs !== null) every(temper.consoleEveryMs, () => console(name));
          if (temper.systemUpdateEveryMs !== null) {
            every(temper.systemUpdateEveryMs, () => sagemaker.systemUpdate(name, chance.spread(2_000, 300_000)));
          }
        }
      }
      if (chance.happens(temper.orphans)) leaveOrphan();
      if (temper.guestEveryMs !== null) {
        every(temper.guestEveryMs, () => {
          const known = [...sagemaker.configs.values()].filter((c) => c.packageArn !== null);
          if (known.length > 0) guest(chance.pick(known).configName);
        });
      }
      if (temper.slackBadDayEveryMs !== null) every(temper.slackBadDayEveryMs, slackHasABadDay);
    },
    reactTo(service, event) {
      if (!lively) return;
      if (event.type === 'CallIntended' && temper.consoleEveryMs !== null && chance.happens(0.04)) {
        const name = world.endpointName(service, event.environment);
        time.after(chance.spread(10, 150_000), () => lively && console(name));
      }
      if (event.type === 'CleanupProposed' || event.type === 'CleanupConfirmed') meddle(service);
      if (event.type === 'ModelApprovalAsked') decideModel(service, event.version, 600_000, 0.5);
      if (event.type === 'RegistryCallIntended') {
        const version = Number(event.packageArn.slice(event.packageArn.lastIndexOf('/') + 1));
        decideModel(service, version, 150_000, event.status === 'Approved' ? 0.8 : 0.2);
      }
      if (event.type === 'DeploymentStarted' && event.environment === 'prod') {
        decideModel(service, event.target.version, 1_200_000, 0.9);
      }
      if (event.type === 'RolloutStarted') {
        const { packageArn, version } = event.candidate;
        if (chance.happens(temper.changedPackages * 0.3)) {
          time.after(chance.spread(1_000, 600_000), () => lively && changeOne(packageArn));
        }
        if (chance.happens(temper.takesNames)) {
          const environment = chance.pick(['staging', 'prod'] as const);
          takeName(resourceName(service, 'titanic-', environment, version, event.rolloutId));
        }
      }
    },
    rest() {
      lively = false;
    },
    changeOne,
    takeName,
    guest,
  };
}
