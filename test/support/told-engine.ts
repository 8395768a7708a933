import { canonical } from '../../src/evidence/canonical.ts';
import type { Alarms } from '../../src/ports/alarms.ts';
import type { Cleaner } from '../../src/ports/cleaner.ts';
import type { Directory } from '../../src/ports/directory.ts';
import type { CallReply, Endpoints } from '../../src/ports/endpoints.ts';
import type { Fleets } from '../../src/ports/fleets.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import type { StoredEntry } from '../../src/ports/log-store.ts';
import type { Logger } from '../../src/ports/logger.ts';
import type { ModelRegistry } from '../../src/ports/model-registry.ts';
import type { RegistryDecisions } from '../../src/ports/registry-decisions.ts';
import type { Rollouts, Submission } from '../../src/rollout/api.ts';
import { createEngine, type Engine } from '../../src/rollout/engine.ts';
import type { EndpointCall, Entry } from '../../src/rollout/events.ts';
import { type EndpointSeen, known } from '../../src/rollout/observation.ts';
import { silentLogger } from './aws-env.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';
import { createMemoryLogStore, type MemoryLogStore } from './memory-log-store.ts';
import { NO_ALARMS, NO_FLEETS } from './no-alarms.ts';
import { NO_CLEANER, NO_INVENTORY, WILLING_REGISTRY } from './no-inventory.ts';
import { APPROVERS, type Person, PLANS, packageSeen } from './rollout-facts.ts';
import type { Story } from './story.ts';

/** A story's entries as they stand in the table. */
export function storedOf(told: Story): readonly StoredEntry[] {
  return told.entries.map(({ hash, ...body }: Entry) => {
    const text = canonical(body);
    return { seq: body.seq, body: text, hash, prevHash: body.prevHash };
  });
}

export function storeOf(told: Story): MemoryLogStore {
  const store = createMemoryLogStore();
  store.rewrite(told.settings.service, () => storedOf(told));
  return store;
}

export interface ToldEngine {
  readonly engine: Engine;
  readonly clock: HandClock;
  /** Every call that was sent to an endpoint. */
  readonly sent: readonly EndpointCall[];
}

/** What the outside does, where it is not as usual. */
export interface Outside {
  readonly alarms?: Partial<Alarms>;
  readonly fleets?: Partial<Fleets>;
  readonly reply?: CallReply;
  readonly approvers?: Directory['approvers'];
  /** What staging's endpoint shows; absent: nothing is there. */
  readonly staging?: EndpointSeen | null;
  /** How long a look at an endpoint takes. Milliseconds. */
  readonly lookMs?: number;
  readonly inventory?: (clock: HandClock) => Partial<Inventory>;
  readonly cleaner?: (clock: HandClock) => Partial<Cleaner>;
  readonly decisions?: Partial<RegistryDecisions>;
  readonly registry?: Partial<ModelRegistry>;
  readonly log?: Logger;
}

/** An engine on a story's record. Outside it finds the newest package, no endpoints, and a SageMaker that accepts. */
export function engineOn(told: Story, store: MemoryLogStore, name: string, outside: Outside = {}): ToldEngine {
  const clock = createHandClock(told.nowMs + 1_000);
  const sent: EndpointCall[] = [];
  let chance = 0;
  const endpoints: Endpoints = {
    async describe(environment) {
      clock.move(outside.lookMs ?? 0);
      return known((environment === 'staging' ? outside.staging : null) ?? null);
    },
    chain: async () => known(null),
    tags: async () => known({}),
    prepare: async () => ({ kind: 'prepared', created: [], adopted: [] }),
    async send(call) {
      sent.push(call);
      return outside.reply ?? { kind: 'accepted', requestId: null };
    },
  };
  const registry: ModelRegistry = {
    newestApproved: async () => known(packageSeen(9)),
    byVersion: async (_group, version) => known(packageSeen(version)),
    byArn: async (arn) => known(packageSeen(Number(arn.slice(arn.lastIndexOf('/') + 1)))),
    list: async () => known([]),
    ...outside.registry,
  };
  const directory: Pick<Directory, 'approvers' | 'mandatory'> = {
    approvers: outside.approvers ?? (async () => known(APPROVERS)),
    mandatory: () => null,
  };
  const engine = createEngine({
    clock,
    ids: {
      random() {
        chance += 1;
        return `${name}-${chance}`;
      },
      fraction: () => 0.5,
    },
    store,
    endpoints,
    alarms: { ...NO_ALARMS, ...outside.alarms },
    fleets: { ...NO_FLEETS, ...outside.fleets },
    registry,
    smoke: { run: async () => null },
    inventory: { ...NO_INVENTORY, ...outside.inventory?.(clock) },
    cleaner: { ...NO_CLEANER, ...outside.cleaner?.(clock) },
    decisions: { ...WILLING_REGISTRY, ...outside.decisions },
    directory,
    services: [{ settings: told.settings, plans: PLANS }],
    poll: { underWayMs: 2_000, atRestMs: 15_000 },
    log: outside.log ?? silentLogger,
  });
  return { engine, clock, sent };
}

/** What a person asks for through the engine. */
export function submit(rollouts: Rollouts, person: Person, request: Submission['request'], key: string) {
  return rollouts.submit({ service: 'survival', request, ...person, key });
}
