import type { Logger } from './ports/logger.ts';
import type { ModelRegistry } from './ports/model-registry.ts';
import type { TickStore } from './ports/tick-store.ts';
import type { Rollouts } from './rollout/api.ts';
import type { Trigger } from './rollout/auto-stage-events.ts';
import { inTheWayOfAutomatic } from './rollout/decide-auto-stage.ts';
import type { AutoStage, ServiceRuntime } from './rollout/engine-deps.ts';
import type { Automatic, Standing } from './rollout/input.ts';
import type { PackageSeen } from './rollout/observation.ts';
import { clause } from './rollout/reasons.ts';
import { isNewToStaging } from './rollout/staged.ts';
import type { ServiceState } from './rollout/state.ts';

/** How often it is looked whether something is due. Milliseconds. */
export const AUTO_STAGE_EVERY_MS = 60_000;
/** Each so many of these looks ask the registry whether a package was approved. */
const PACKAGES_EACH = 5;
/** A time of the schedule is made up for this long, should no bot have been there. In looks, as the others. */
const TICK_COUNTS_FOR = 10;

export interface AutoStageDeps {
  readonly services: readonly ServiceRuntime[];
  readonly rollouts: Pick<Rollouts, 'state' | 'submit' | 'notStaged'>;
  readonly registry: Pick<ModelRegistry, 'newestApproved'>;
  readonly ticks: TickStore;
  readonly log: Logger;
  /** How far apart the looks are. Milliseconds. */
  readonly everyMs: number;
}

/** titanic acts for those who configured it. */
const ITSELF: Standing = { kind: 'member', approver: false, operator: true, lastKnown: false };

/**
 * Begins the rollouts to staging that nobody asks for: one replica looks each time, and the record decides, so that a
 * look that is lost or made twice is harmless. What is in the way is looked at again the next time.
 */
export function createAutoStage(deps: AutoStageDeps): (at: Date) => Promise<void> {
  const { rollouts, registry, ticks, log, everyMs } = deps;
  const services = deps.services.flatMap(({ settings, autoStage }) =>
    autoStage === undefined ? [] : [{ settings, autoStage }],
  );

  async function one({ settings, autoStage }: (typeof services)[number], atMs: number): Promise<void> {
    const { service: name, modelPackageGroup: group } = settings;
    const reading = await rollouts.state(name);
    if (reading.kind === 'unknown') return;
    const state = reading.value;
    const trigger = due(state, autoStage, atMs);
    if (trigger === null) return;
    const { waiting } = state.autoStage;
    // Said already; the registry is asked once it could lead to something.
    if (waiting !== null && inTheWayOfAutomatic(state, atMs) !== null) return;
    if (!(await ticks.claimTick(name, 'auto-stage', new Date(atMs).toISOString()))) return;
    const found = await registry.newestApproved(group);
    if (found.kind === 'unknown') {
      log.warn({ service: name, why: found.why }, 'what is approved could not be looked at');
      return;
    }
    const automatic = automaticOf(found.value, trigger);
    if (automatic === null || !isNewToStaging(state, automatic, settings)) {
      if (waiting !== null) await rollouts.notStaged(name, waiting.version);
      return;
    }
    const answer = await rollouts.submit({
      service: name,
      request: { verb: 'deploy', model: { arn: automatic.packageArn }, note: null, automatic },
      actor: { kind: 'titanic' },
      standing: ITSELF,
      key: keyOf(name, automatic),
    });
    const { version } = automatic;
    log.info({ service: name, version, trigger: trigger.kind, answer: answer.kind }, clause(answer.reason));
  }

  function due({ autoStage: { tick, waiting } }: ServiceState, configured: AutoStage, atMs: number): Trigger | null {
    if (waiting !== null) return waiting.trigger;
    const lastMs = configured.lastTick?.(atMs) ?? null;
    const recent = lastMs !== null && atMs - lastMs < TICK_COUNTS_FOR * everyMs;
    if (recent && (tick === null || Date.parse(tick) < lastMs)) {
      return { kind: 'schedule', at: new Date(lastMs).toISOString() };
    }
    const asksNow = Math.floor(atMs / everyMs) % PACKAGES_EACH === 0;
    return configured.approvedPackages && asksNow ? { kind: 'package' } : null;
  }

  return async (at) => {
    const atMs = Math.floor(at.getTime() / everyMs) * everyMs;
    for (const service of services) {
      try {
        await one(service, atMs);
      } catch (error) {
        log.warn(
          { service: service.settings.service, error: String(error) },
          'it could not be looked at what is to be rolled out',
        );
      }
    }
  };
}

function automaticOf(found: PackageSeen | null, trigger: Trigger): Automatic | null {
  if (found === null || found.version === null) return null;
  return { packageArn: found.arn, version: found.version, trigger };
}

/** One for each time of the schedule, and one for each package. */
function keyOf(service: string, { trigger, packageArn }: Automatic): string {
  return trigger.kind === 'schedule' ? `auto-stage ${service} ${trigger.at}` : `auto-stage ${packageArn}`;
}
