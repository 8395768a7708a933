import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { entryItem } from '../src/adapters/dynamo-items.ts';
import type { Candidate } from '../src/rollout/candidate.ts';
import { seal } from '../src/rollout/entry.ts';
import type { Actor, Entry, Event } from '../src/rollout/events.ts';
import { evolve } from '../src/rollout/evolve.ts';
import { targetOf } from '../src/rollout/names.ts';
import { reason } from '../src/rollout/reasons.ts';
import { initialState, type ServiceState, STATE_SHAPE } from '../src/rollout/state.ts';

const BATCH = 25;
const AT_ONCE = 4;
/** The snapshot is at most this many entries behind. */
const BEHIND = 37;
const ALICE: Actor = { kind: 'person', id: 'U0ALICE', via: 'slack' };
const TITANIC: Actor = { kind: 'titanic' };

const plan = {
  executionRoleArn: 'arn:aws:iam::123456789012:role/titanic',
  capacity: { kind: 'instances', instanceType: 'ml.m5.large', instanceCount: 1 },
  containerEnv: {},
  networkIsolation: false,
  tags: { project: 'titanic-sagemaker', tutorial_phase: '04' },
} as const;

function candidate(version: number): Candidate {
  return {
    packageArn: `arn:aws:sagemaker:us-east-1:123456789012:model-package/titanic-survival/${version}`,
    version,
    inferenceSpecDigest: 'a'.repeat(64),
    image: 'registry.example/survival:1',
    imageDigest: `sha256:${'b'.repeat(64)}`,
    modelDataUrl: 's3://models/model.tar.gz',
    modelDataEtag: 'etag',
    plans: { staging: { ...plan, endpointName: 's' }, prod: { ...plan, endpointName: 'p' } },
    planDigests: { staging: 'c'.repeat(64), prod: 'd'.repeat(64) },
  };
}

/** A rollout to prod, as events of one entry after the other; `seq` is that of its first. */
function rollout(service: string, seq: number, version: number): readonly (readonly Event[])[] {
  const rolloutId = `${service}-${seq}`;
  const sealed = candidate(version);
  const deadlineAt = '2026-01-01T01:00:00.000Z';
  const requester = 'U0BOB';
  const began: Event = {
    type: 'RolloutStarted',
    rolloutId,
    candidate: sealed,
    requester,
    note: null,
    quorum: 1,
    approvalExpiresAfterHours: 24,
  };
  const deployed = (environment: 'staging' | 'prod', first: number): readonly (readonly Event[])[] => {
    const target = targetOf(service, 'titanic-', environment, sealed, rolloutId);
    const call = {
      kind: 'update',
      endpointName: 'e',
      configName: target.configName,
      retainVariantProperties: false,
    } as const;
    const why = reason('deployed', { environment, version });
    return [
      [{ type: 'DeploymentStarted', environment, kind: 'rollout', owner: rolloutId, target, deadlineAt }],
      [{ type: 'DeploymentPrepared', environment, deployment: first, created: [], adopted: [] }],
      [{ type: 'CallIntended', environment, deployment: first, call, baseline: { present: false } }],
      [{ type: 'CallDecided', environment, intent: first + 2, outcome: { kind: 'accepted', requestId: 'r' } }],
      [{ type: 'DeploymentSucceeded', environment, deployment: first, endpointArn: 'a', images: [], reason: why }],
    ];
  };
  const [startStaging = [], ...staging] = deployed('staging', seq);
  return [
    [began, ...startStaging],
    ...staging,
    [{ type: 'GateOpened', rolloutId, expiresAt: deadlineAt }],
    [{ type: 'PromotionApproved', rolloutId, by: ['U0ALICE'] }],
    ...deployed('prod', seq + 7),
    [{ type: 'RolloutEnded', rolloutId, outcome: 'promoted', reason: reason('promoted', { version }), by: null }],
  ];
}

export interface LongRecord {
  readonly service: string;
  readonly entries: number;
  /** The rollout that ended last. */
  readonly last: string;
  readonly bytes: number;
}

/** Writes a service's record of about so many entries, with the snapshot that a bot would have left. */
export async function writeLongRecord(
  client: DynamoDBClient,
  table: string,
  service: string,
  wanted: number,
  saveSnapshot: (state: ServiceState, shape: number) => Promise<void>,
): Promise<LongRecord> {
  let state = initialState(service);
  let snapshot: ServiceState | null = null;
  let last = '';
  let bytes = 0;
  let waiting: ReturnType<typeof entryItem>[] = [];
  const flush = async () => {
    const batches: (typeof waiting)[] = [];
    for (let next = 0; next < waiting.length; next += BATCH) batches.push(waiting.slice(next, next + BATCH));
    await Promise.all(
      batches.map((items) =>
        client.send(
          new BatchWriteItemCommand({ RequestItems: { [table]: items.map((Item) => ({ PutRequest: { Item } })) } }),
        ),
      ),
    );
    waiting = [];
  };
  for (let version = 1; state.seq < wanted; version += 1) {
    last = `${service}-${state.seq + 1}`;
    for (const events of rollout(service, state.seq + 1, version)) {
      const at = new Date(Date.UTC(2026, 0, 1) + state.seq * 60_000).toISOString();
      const draft = {
        at,
        rolloutId: last,
        actor: state.seq % 14 === 0 ? ALICE : TITANIC,
        reason: null,
        commandKey: null,
      };
      const stored = seal({ ...draft, events, writer: 'bench', nonce: String(state.seq) }, state.seq + 1, state.hash);
      const entry: Entry = { ...draft, events, writer: 'bench', nonce: String(state.seq), ...stored };
      state = evolve(state, entry);
      bytes += stored.body.length;
      waiting.push(entryItem(service, stored));
      if (state.seq === Math.max(1, wanted - BEHIND)) snapshot = state;
      if (waiting.length >= BATCH * AT_ONCE) await flush();
    }
  }
  await flush();
  if (snapshot !== null) await saveSnapshot(snapshot, STATE_SHAPE);
  return { service, entries: state.seq, last, bytes };
}
