import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { type Composed, composeCli } from '../../src/cli/compose-cli.ts';
import { loadSettings } from '../../src/config.ts';
import { collectEvidence } from '../../src/evidence/collect.ts';
import { evidenceText, exportEvidence } from '../../src/evidence/export.ts';
import type { Answer, Request } from '../../src/rollout/api.ts';
import type { Actor } from '../../src/rollout/events.ts';
import type { ServiceState } from '../../src/rollout/state.ts';
import { silentLogger } from './aws-env.ts';

const SERVICE = 'survival';
const CONFIG = fileURLToPath(new URL('titanic.journey.yml', import.meta.url));
const SPEED = 2_000;
const STEP_WITHIN_MS = 40_000;
const LOOK_EVERY_MS = 20;

const PIPELINE: Actor = { kind: 'pipeline', id: 'arn:aws:iam::123456789012:user/ci', via: 'cli' };
const person = (id: string): Actor => ({ kind: 'person', id, via: 'slack' });

/** Real rollouts: the real engine and adapters, DynamoDB and SageMaker over the wire, in this process. */
export interface RealRollouts {
  readonly sandbox: Sandbox;
  readonly composed: Composed;
  says(actor: Actor, request: Request): Promise<Answer>;
  /** Deploys a version and waits until its gate is open or it ended; its id. */
  deploy(version: number): Promise<string>;
  promote(id: string): Promise<void>;
  rollBack(environment: 'staging' | 'prod'): Promise<string>;
  /** Asks for a pending version and has it approved; the ids of the question and of the rollout that began with it. */
  approve(version: number): Promise<{ readonly approval: string; readonly rollout: string }>;
  /** Deletes what nothing needs any more; its id. */
  cleanUp(): Promise<string>;
  exported(id: string): Promise<string>;
  until(holds: (state: ServiceState) => boolean): Promise<ServiceState>;
  close(): Promise<void>;
}

export async function startRealRollouts(): Promise<RealRollouts> {
  const sandbox = await startSandbox({ speed: SPEED, logLevel: 'silent', configPath: CONFIG });
  for (const [name, value] of Object.entries(sandbox.env)) vi.stubEnv(name, value);
  const loaded = loadSettings({ env: sandbox.env, readFile: (path) => readFileSync(path, 'utf8') });
  if (!loaded.ok) throw new Error(loaded.message);
  const composed = composeCli(loaded.settings, sandbox.env, silentLogger);
  composed.engine.start();
  let keys = 0;

  async function until(holds: (state: ServiceState) => boolean): Promise<ServiceState> {
    const end = Date.now() + STEP_WITHIN_MS;
    while (Date.now() < end) {
      const state = await composed.engine.state(SERVICE);
      if (state.kind === 'known' && holds(state.value)) return state.value;
      await wait(LOOK_EVERY_MS);
    }
    throw new Error(`Not within ${STEP_WITHIN_MS / 1_000} s: ${holds}`);
  }

  async function says(actor: Actor, request: Request): Promise<Answer> {
    keys += 1;
    const standing = { kind: 'member', approver: actor.kind === 'person', operator: true, lastKnown: false } as const;
    return composed.engine.submit({ service: SERVICE, request, actor, standing, key: `test:${keys}` });
  }

  async function done(actor: Actor, request: Request): Promise<string> {
    const answer = await says(actor, request);
    if (answer.kind !== 'done' || answer.subject === null) throw new Error(`Refused: ${JSON.stringify(answer.reason)}`);
    return answer.subject;
  }

  return {
    sandbox,
    composed,
    says,
    until,
    async deploy(version) {
      const id = await done(PIPELINE, {
        verb: 'deploy',
        model: { version },
        note: '<b>*note*</b>',
        requestedBy: 'U0BOTH',
      });
      await until(
        (s) => s.rollouts.some((r) => r.id === id && r.status === 'gate') || s.ended.some((r) => r.id === id),
      );
      return id;
    },
    async promote(id) {
      await says(person('U0BOTH'), { verb: 'promote', rolloutId: id });
      await done(person('U0ALICE'), { verb: 'promote', rolloutId: id });
      await until((s) => s.ended.some((r) => r.id === id && r.outcome === 'promoted'));
    },
    async rollBack(environment) {
      const reason = 'error rate is up';
      const id = await done(PIPELINE, { verb: 'rollback', environment, toVersion: null, reason, furtherThan: null });
      await until((s) => s.endedRollbacks.some((r) => r.id === id));
      return id;
    },
    async approve(version) {
      const deploy = { verb: 'deploy', model: { version }, note: null, requestedBy: 'U0BOTH' } as const;
      const approval = await done(PIPELINE, deploy);
      await says(person('U0BOTH'), { verb: 'approve-model', approvalId: approval, version: null, reason: null });
      await done(person('U0ALICE'), { verb: 'approve-model', approvalId: approval, version: null, reason: null });
      const state = await until((s) => s.rollouts.some((r) => r.status === 'gate'));
      return { approval, rollout: state.rollouts[0]?.id ?? '' };
    },
    async cleanUp() {
      const id = await done(person('U0ALICE'), { verb: 'cleanup', target: 'leftovers', confirm: null });
      await done(person('U0ALICE'), { verb: 'confirm-cleanup', cleanupId: id });
      await until((s) => s.endedCleanups.some((c) => c.id === id));
      return id;
    },
    async exported(id) {
      const collecting = await collectEvidence(composed.store, SERVICE, id);
      if (collecting.kind !== 'found') throw new Error(`${id}: ${collecting.kind}`);
      return evidenceText(exportEvidence(collecting.collected));
    },
    async close() {
      await composed.engine.stop();
      composed.close();
      await sandbox.close();
      vi.unstubAllEnvs();
    },
  };
}
