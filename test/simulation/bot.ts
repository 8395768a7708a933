import { AUTO_STAGE_EVERY_MS, createAutoStage } from '../../src/auto-stage.ts';
import { canonical } from '../../src/evidence/canonical.ts';
import { createModelWatch } from '../../src/model-watch.ts';
import type { Alarms } from '../../src/ports/alarms.ts';
import type { Channel } from '../../src/ports/channel.ts';
import type { Cleaner } from '../../src/ports/cleaner.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Directory } from '../../src/ports/directory.ts';
import type { Endpoints } from '../../src/ports/endpoints.ts';
import type { Fleets } from '../../src/ports/fleets.ts';
import type { Ids } from '../../src/ports/ids.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import type { CursorStore, LogStore } from '../../src/ports/log-store.ts';
import type { Logger } from '../../src/ports/logger.ts';
import type { ModelRegistry } from '../../src/ports/model-registry.ts';
import type { RegistryDecisions } from '../../src/ports/registry-decisions.ts';
import type { SmokeRunner } from '../../src/ports/smoke-runner.ts';
import type { TickStore } from '../../src/ports/tick-store.ts';
import { createAnnouncer } from '../../src/rollout/announce.ts';
import type { Answer, Request, Submission } from '../../src/rollout/api.ts';
import type { Card } from '../../src/rollout/card.ts';
import { createEngine, type Engine } from '../../src/rollout/engine.ts';
import type { PollTimes, ServiceRuntime } from '../../src/rollout/engine-deps.ts';
import type { Actor } from '../../src/rollout/events.ts';
import type { Standing } from '../../src/rollout/input.ts';
import type { LogForm } from '../../src/rollout/log-form.ts';
import type { Program } from './replica.ts';
import { PIPELINE } from './sim-slack.ts';

export interface Ports {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly store: LogStore & CursorStore;
  /** What the announcer reads: the same, but for one mutant. */
  readonly shown: LogStore & CursorStore;
  readonly endpoints: Endpoints;
  readonly alarms: Alarms;
  readonly fleets: Fleets;
  readonly registry: ModelRegistry;
  readonly decisions: RegistryDecisions;
  readonly ticks: TickStore;
  readonly inventory: Inventory;
  readonly cleaner: Cleaner;
  readonly smoke: SmokeRunner;
  readonly directory: Directory;
  readonly channel: Channel;
  readonly log: Logger;
  readonly form: LogForm;
}

const PIPELINE_ACTOR: Actor = { kind: 'pipeline', id: PIPELINE, via: 'cli' };
const PIPELINE_STANDING: Standing = { kind: 'member', approver: false, operator: true, lastKnown: false };

/** The program of one process: the real engine and announcer, and an edge as thin as the real handlers. */
export interface Bot extends Program {
  readonly engine: Engine;
  handle(word: { person: string; service: string; request: Request; key: string }): Promise<Answer>;
}

/** As the product's cron has it. */
const WATCH_EVERY_MS = 600_000;

export function startBot(ports: Ports, services: readonly ServiceRuntime[], poll: PollTimes): Bot {
  const { clock, ids, shown, directory, channel, log, form } = ports;
  const announcer = createAnnouncer({
    clock,
    ids,
    store: shown,
    channel,
    directory,
    services,
    // It is told what the engine sees, so its own polls are only what makes up for a lost hint.
    poll: { underWayMs: poll.underWayMs * 5, atRestMs: poll.atRestMs * 3 },
    log,
    form,
    render: { card, line, notice: () => null },
  });
  const engine = createEngine({
    ...ports,
    services,
    poll,
    changed: announcer.nudge,
  });
  const watch = createModelWatch({
    services: services.map(({ settings }) => settings.service),
    rollouts: engine,
    registry: ports.registry,
    ticks: ports.ticks,
    log,
  });
  const stopped = new AbortController();
  async function watchModels(): Promise<void> {
    while (!stopped.signal.aborted) {
      const nextMs = (Math.floor(clock.nowMs() / WATCH_EVERY_MS) + 1) * WATCH_EVERY_MS;
      await clock.sleep(nextMs - clock.nowMs(), stopped.signal);
      if (!stopped.signal.aborted) await watch(new Date(nextMs));
    }
  }
  const stage = createAutoStage({ ...ports, services, rollouts: engine, everyMs: AUTO_STAGE_EVERY_MS });
  async function stageByItself(): Promise<void> {
    while (!stopped.signal.aborted) {
      const nextMs = (Math.floor(clock.nowMs() / AUTO_STAGE_EVERY_MS) + 1) * AUTO_STAGE_EVERY_MS;
      await clock.sleep(nextMs - clock.nowMs(), stopped.signal);
      if (!stopped.signal.aborted) await stage(new Date(nextMs));
    }
  }
  engine.start();
  announcer.start();
  void watchModels();
  if (services.some(({ autoStage }) => autoStage !== undefined)) void stageByItself();
  return {
    engine,
    async handle({ person, service, request, key }) {
      // As the command line does it: IAM has let it in.
      if (person === PIPELINE) {
        return engine.submit({ service, request, actor: PIPELINE_ACTOR, standing: PIPELINE_STANDING, key });
      }
      const standing = await standingOf(directory, person, request.verb);
      const submission: Submission = {
        service,
        request,
        actor: { kind: 'person', id: person, via: 'slack' },
        standing,
        key,
      };
      return engine.submit(submission);
    },
    async stop() {
      stopped.abort('stopped');
      await Promise.all([engine.stop(), announcer.stop()]);
    },
  };
}

async function standingOf(directory: Directory, id: string, verb: Request['verb']): Promise<Standing> {
  const [person, approvers, operators] = await Promise.all([
    directory.person(id),
    directory.approvers(),
    directory.operators(),
  ]);
  if (person.kind === 'known' && person.value.problem !== null) {
    return { kind: 'refused', reason: { code: 'not-a-member', params: { why: person.value.problem } } };
  }
  const unread = [person, approvers, operators].find((r) => r.kind === 'unknown');
  if (unread === undefined && approvers.kind === 'known' && operators.kind === 'known') {
    const approver = approvers.value.includes(id);
    return { kind: 'member', approver, operator: operators.value.includes(id), lastKnown: false };
  }
  const [lastApprovers, lastOperators] = await Promise.all([
    directory.lastKnown('approvers'),
    directory.lastKnown('operators'),
  ]);
  if (verb === 'rollback' && lastApprovers !== null && lastOperators !== null) {
    return {
      kind: 'member',
      approver: lastApprovers.includes(id),
      operator: lastOperators.includes(id),
      lastKnown: true,
    };
  }
  return { kind: 'unreadable', why: unread?.kind === 'unknown' ? unread.why : 'never read' };
}

/** What a card must say in the end; not its looks. */
export function card(shown: Card): { text: string; blocks: readonly object[] } {
  // In an order of its own: an entry that was read back has its fields in another than one that was just written.
  return { text: canonical(factsOf(shown)), blocks: [] };
}

function factsOf(shown: Card): object {
  switch (shown.kind) {
    case 'rollout':
      return rolloutFacts(shown);
    case 'rollback':
      return rollbackFacts(shown);
    case 'model':
    case 'model-alarm':
    case 'cleanup':
      return shown;
  }
}

function rolloutFacts({ rollout }: Card & { kind: 'rollout' }): object {
  const { id, status, candidate, requester } = rollout;
  const outcome = rollout.status === 'ended' ? [rollout.outcome, rollout.reason.code, rollout.by] : null;
  const approvals = 'gate' in rollout ? (rollout.gate?.approvals.map((a) => a.by) ?? []) : [];
  return {
    id,
    status,
    version: candidate.version,
    requester,
    outcome,
    approvals,
    waiting: rollout.waiting?.code ?? null,
  };
}

function rollbackFacts({ rollback }: Card & { kind: 'rollback' }): object {
  const { id, environment, cause, target, by, ended } = rollback;
  return { id, environment, cause, to: target.configName, by, ended };
}

function line(shown: Card, entry: { readonly seq: number }): { text: string; blocks: readonly object[] } {
  return { text: `${shown.id} ${entry.seq}`, blocks: [] };
}
