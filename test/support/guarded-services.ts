import { vi } from 'vitest';
import { stringify } from 'yaml';
import type { CallEntry } from '../../sandbox/sagemaker/journal.ts';
import { seedSurvival } from '../../sandbox/sagemaker/seed-survival.ts';
import { type RunningSageMaker, startSageMaker } from '../../sandbox/sagemaker/start-sagemaker.ts';
import { createRandomIds } from '../../src/adapters/random-ids.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { composeAws } from '../../src/compose-aws.ts';
import { loadSettings } from '../../src/config.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Answer, Request } from '../../src/rollout/api.ts';
import { createEngine } from '../../src/rollout/engine.ts';
import { POLL_TIMES } from '../../src/rollout/engine-deps.ts';
import type { Event } from '../../src/rollout/events.ts';
import { PROTOCOL_TIMES } from '../../src/rollout/input.ts';
import { known } from '../../src/rollout/observation.ts';
import type { ServiceState } from '../../src/rollout/state.ts';
import { serviceRuntime } from '../../src/service-runtime.ts';
import { silentLogger } from './aws-env.ts';
import { createMemoryLogStore } from './memory-log-store.ts';
import { NO_CLEANER, NO_INVENTORY, WILLING_REGISTRY } from './no-inventory.ts';
import { APPROVERS, approver, operator, type Person, smokeResult } from './rollout-facts.ts';

/** What `titanic.yml` says of one service's prod. */
export interface GuardedService {
  readonly name: string;
  readonly prod: Readonly<Record<string, unknown>>;
  readonly smoke?: Readonly<Record<string, unknown>>;
}

/**
 * Several guarded services on one SageMaker: the real engine and the real adapters of AWS over the wire. The record is
 * in memory, who may approve is known without Slack, and every smoke run passes at once.
 */
export interface GuardedServices {
  readonly sagemaker: RunningSageMaker;
  says(service: string, person: Person, request: Request): Promise<Answer>;
  state(service: string): Promise<ServiceState>;
  until(service: string, what: string, holds: (state: ServiceState) => boolean): Promise<ServiceState>;
  /** Everything that the record says of a service. */
  events(service: string): readonly Event[];
  /** What was asked of prod's endpoint and accepted, since a place in SageMaker's journal. */
  prodCalls(service: string, since: number): Promise<readonly string[]>;
  /** Version 1 is in prod, and version 3 waits at its gate; the ids of its rollouts by service. */
  toTheGate(): Promise<ReadonlyMap<string, string>>;
  promote(service: string, rolloutId: string): Promise<Answer>;
  /** SageMaker's clock was so far behind that what was asked until now was asked in an earlier minute. */
  catchUp(): void;
  close(): Promise<void>;
}

export const prodOf = (service: string) => `titanic-${service}-prod`;

const WITHIN_MS = 45_000;
const LOOK_EVERY_MS = 25;
/** Far more than the quota of an account that is used for one thing. */
const INSTANCES = 10_000;
const HASTE = 5_000;
const ROLE = 'arn:aws:iam::123456789012:role/titanic-sagemaker-execution';
const TAGS = { project: 'titanic-sagemaker' };
const BEHIND_MS = 120_000;

export async function startGuardedServices(
  services: readonly GuardedService[],
  options: { readonly clock?: Clock; readonly describeLagSeconds?: number } = {},
): Promise<GuardedServices> {
  const { clock = createSystemClock(), describeLagSeconds = 0.8 } = options;
  let behindMs = BEHIND_MS;
  const now = () => Date.now() - behindMs;
  const sagemaker = await startSageMaker({ now, speed: HASTE, settings: { instanceQuota: INSTANCES } });
  await seedSurvival(sagemaker);
  vi.stubEnv('AWS_ENDPOINT_URL', sagemaker.url);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  const loaded = loadSettings({
    env: { AWS_ENDPOINT_URL: sagemaker.url },
    readFile: () => stringify(fileOf(services, describeLagSeconds)),
  });
  if (!loaded.ok) throw new Error(loaded.message);
  const aws = composeAws(loaded.settings, clock, silentLogger);
  const store = createMemoryLogStore();
  const engine = createEngine({
    ...aws,
    clock,
    ids: createRandomIds(),
    store,
    decisions: WILLING_REGISTRY,
    inventory: NO_INVENTORY,
    cleaner: NO_CLEANER,
    smoke: { run: async () => smokeResult('passed') },
    directory: { approvers: async () => known(APPROVERS), mandatory: () => null },
    services: loaded.settings.services.map((one) => serviceRuntime(loaded.settings, one, PROTOCOL_TIMES)),
    poll: POLL_TIMES,
    log: silentLogger,
  });
  for (const { name } of services) await serveFirst(sagemaker, prodOf(name));
  engine.start();
  let keys = 0;

  async function says(service: string, { actor, standing }: Person, request: Request): Promise<Answer> {
    keys += 1;
    return engine.submit({ service, request, actor, standing, key: `test:${keys}` });
  }

  async function state(service: string): Promise<ServiceState> {
    const read = await engine.state(service);
    if (read.kind === 'unknown') throw new Error(read.why);
    return read.value;
  }

  const until: GuardedServices['until'] = (service, what, holds) =>
    vi.waitFor(
      async () => {
        const now = await state(service);
        if (!holds(now)) throw new Error(`${service}: ${what} is not so: ${JSON.stringify(now.environments.prod)}`);
        return now;
      },
      { timeout: WITHIN_MS, interval: LOOK_EVERY_MS },
    );

  async function deploy(service: string, version: number): Promise<string> {
    const answer = await says(service, operator, { verb: 'deploy', model: { version }, note: null });
    if (answer.kind !== 'done' || answer.subject === null) throw new Error(JSON.stringify(answer));
    const id = answer.subject;
    await until(service, `the gate of ${id}`, (s) => s.rollouts.some((r) => r.id === id && r.status === 'gate'));
    return id;
  }

  const promote = (service: string, rolloutId: string) => says(service, approver, { verb: 'promote', rolloutId });

  return {
    sagemaker,
    says,
    state,
    until,
    promote,
    catchUp() {
      behindMs = 0;
    },
    events: (service) => store.stored(service).flatMap(({ body }) => JSON.parse(body).events),
    async prodCalls(service, since) {
      const journal = await sagemaker.control.journal(since);
      const calls = journal.filter((entry): entry is CallEntry => entry.kind === 'call');
      const accepted = calls.filter(({ endpoint, outcome }) => endpoint === prodOf(service) && outcome === 'accepted');
      return accepted.map(({ operation }) => operation);
    },
    async toTheGate() {
      const ids = services.map(async ({ name }): Promise<[string, string]> => [name, await deploy(name, 3)]);
      return new Map(await Promise.all(ids));
    },
    async close() {
      await engine.stop();
      aws.clients.destroy();
      await sagemaker.close();
      vi.unstubAllEnvs();
    },
  };
}

/** Version 1 in prod, with titanic's tags: it is taken over by the first rollout. */
async function serveFirst({ control }: RunningSageMaker, endpoint: string): Promise<void> {
  const { modelPackages } = await control.state();
  const first = modelPackages.find(({ ModelPackageVersion }) => ModelPackageVersion === 1);
  const name = `${endpoint}-v1-r0`;
  await control.console('CreateModel', {
    ModelName: name,
    PrimaryContainer: { ModelPackageName: String(first?.ModelPackageArn) },
    ExecutionRoleArn: ROLE,
  });
  await control.console('CreateEndpointConfig', {
    EndpointConfigName: name,
    ProductionVariants: [
      { VariantName: 'AllTraffic', ModelName: name, InstanceType: 'ml.m5.large', InitialInstanceCount: 2 },
    ],
  });
  const Tags = Object.entries(TAGS).map(([Key, Value]) => ({ Key, Value }));
  await control.console('CreateEndpoint', { EndpointName: endpoint, EndpointConfigName: name, Tags });
}

function fileOf(services: readonly GuardedService[], describeLagSeconds: number): object {
  return {
    slack: { channel: 'C0TITANIC', approvers: { users: ['U0ANNA'] }, operators: { users: ['U0OLGA'] } },
    aws: {
      table: 'titanic-rollouts',
      executionRoleArn: ROLE,
      describeLagSeconds,
    },
    prefix: 'titanic-',
    tags: TAGS,
    services: services.map(({ name, prod, smoke }) => ({
      name,
      modelPackageGroup: 'titanic-survival',
      staging: { instanceType: 'ml.m5.large', instanceCount: 1 },
      prod: { instanceType: 'ml.m5.large', instanceCount: 2, guardrails: 'required', deadlineMinutes: 400, ...prod },
      smoke: {
        cases: [{ name: 'a woman', contentType: 'text/csv', body: '1,female,29', expect: { match: '^0|^1' } }],
        requests: 60,
        warmUpRequests: 0,
        ratePerSecond: 200,
        maxErrorRate: 0.01,
        maxP95Ms: 4_000,
        ...smoke,
      },
      approvalExpiresAfterHours: 24,
    })),
  };
}
