import type { Request } from '../../src/rollout/api.ts';
import type { ServiceState } from '../../src/rollout/state.ts';
import type { VirtualTime } from './virtual-time.ts';

/** One thing that somebody does, as soon as it makes sense, and again if nothing came of it. */
interface Step {
  readonly person: string | ((state: ServiceState) => string);
  readonly request: (state: ServiceState) => Request;
  readonly ready: (state: ServiceState) => boolean;
  readonly done: (state: ServiceState) => boolean;
}

const quiet = (s: ServiceState) =>
  s.rollouts.length === 0 &&
  [s.environments.staging, s.environments.prod].every(
    (e) => e.deployment === null && e.intent === null && e.rollback === null && e.smoke === null,
  );
const ran = (s: ServiceState) => s.ended.filter((r) => r.outcome === 'promoted').length;
const goneBack = (s: ServiceState) => s.endedRollbacks.length > 0;
const atGate = (s: ServiceState) => s.rollouts.find((r) => r.status === 'gate');

function deploy(version: number): Step {
  return {
    person: 'UERIN',
    request: () => ({ verb: 'deploy', model: { version }, note: null }),
    ready: (s) => quiet(s) && ran(s) === version - 1,
    done: (s) => s.rollouts.some((r) => r.candidate.version === version) || ran(s) >= version,
  };
}

function promote(version: number): Step {
  return {
    person: 'UALICE',
    request: (s) => ({ verb: 'promote', rolloutId: atGate(s)?.id ?? null }),
    ready: (s) => atGate(s) !== undefined,
    done: (s) => ran(s) >= version || s.rollouts.some((r) => r.candidate.version === version && 'approvedBy' in r),
  };
}

/** Which golden life: two versions to prod and back, or a model's approval and rejection and the end of everything. */
export type GoldenName = 'rollouts' | 'model and clean-up';

/** Two versions to prod, the second taken back, prod released. */
const ROLLOUT_STEPS: readonly Step[] = [
  deploy(1),
  promote(1),
  deploy(2),
  promote(2),
  {
    person: 'UFRANK',
    request: () => ({
      verb: 'rollback',
      environment: 'prod',
      toVersion: null,
      reason: 'it is wrong',
      furtherThan: null,
    }),
    ready: (s) => quiet(s) && ran(s) === 2,
    done: (s) => goneBack(s) || s.environments.prod.rollback !== null,
  },
  {
    person: 'UERIN',
    request: () => ({ verb: 'unlock', environment: 'prod', reason: 'over' }),
    ready: (s) => goneBack(s) && quiet(s),
    done: (s) => goneBack(s) && s.environments.prod.holds.length === 0,
  },
];

const openQuestion = (s: ServiceState) => s.approvals.find((a) => a.verdict === null);
const cleaned = (s: ServiceState) => s.endedCleanups.some((c) => c.ended?.outcome === 'done');

/** A package that is pending comes to prod, is rejected there, and everything is deleted. */
const MODEL_STEPS: readonly Step[] = [
  {
    person: 'UERIN',
    request: () => ({ verb: 'deploy', model: { version: PENDING_VERSION }, note: null }),
    ready: quiet,
    done: (s) => s.approvals.length + s.endedApprovals.length > 0,
  },
  {
    person: 'UALICE',
    request: (s) => ({
      verb: 'approve-model',
      approvalId: openQuestion(s)?.id ?? null,
      version: PENDING_VERSION,
      reason: null,
    }),
    ready: (s) => openQuestion(s) !== undefined,
    done: (s) => openQuestion(s) === undefined,
  },
  { ...promote(1), person: 'UBOB', done: (s) => ran(s) >= 1 || s.rollouts.some((r) => 'approvedBy' in r) },
  {
    person: 'UCAROL',
    request: () => ({ verb: 'reject-model', approvalId: null, version: PENDING_VERSION, reason: 'it is wrong' }),
    ready: (s) => quiet(s) && ran(s) === 1,
    done: (s) => s.approvals.length + s.endedApprovals.length > 1,
  },
  {
    person: 'UALICE',
    request: () => ({ verb: 'cleanup', target: 'all', confirm: null }),
    ready: (s) => quiet(s) && s.approvals.length === 0,
    done: (s) => s.cleanup !== null || cleaned(s),
  },
  {
    person: (s) => (s.cleanup === null ? 'UALICE' : 'UBOB'),
    request: (s) =>
      s.cleanup === null
        ? { verb: 'cleanup', target: 'all', confirm: null }
        : { verb: 'confirm-cleanup', cleanupId: s.cleanup.id },
    ready: (s) => quiet(s) && s.approvals.length === 0 && s.cleanup?.confirmed == null,
    done: cleaned,
  },
];

/** The version that nobody has decided about. */
const PENDING_VERSION = 3;

/** What stands at the end of the script, whatever befell it on the way. */
export function goldenEnd(name: GoldenName, state: ServiceState): boolean {
  const { staging, prod } = state.environments;
  return name === 'rollouts'
    ? goneBack(state) && quiet(state) && prod.stack.at(-1)?.version === 1
    : cleaned(state) && quiet(state) && state.rejectedInProd !== null && !staging.known && !prod.known;
}

/** How often somebody looks whether it is their turn, and when they try again if nothing came of it. */
const LOOK_MS = 1_000;
const AGAIN_MS = 60_000;

/** Does one step after the other, and again after a while if nothing came of it. */
export function followScript(
  name: GoldenName,
  time: VirtualTime,
  state: () => ServiceState,
  press: (person: string, request: Request) => void,
): void {
  const steps = name === 'rollouts' ? [...ROLLOUT_STEPS] : [...MODEL_STEPS];
  let waitMs = 0;
  const look = () => {
    const now = state();
    while (steps[0]?.done(now)) {
      steps.shift();
      waitMs = 0;
    }
    waitMs -= LOOK_MS;
    const step = steps[0];
    if (step?.ready(now) && waitMs <= 0) {
      press(typeof step.person === 'string' ? step.person : step.person(now), step.request(now));
      waitMs = AGAIN_MS;
    }
    if (step !== undefined) time.after(LOOK_MS, look);
  };
  look();
}
