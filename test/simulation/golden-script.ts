import type { Request } from '../../src/rollout/api.ts';
import type { ServiceState } from '../../src/rollout/state.ts';
import type { VirtualTime } from './virtual-time.ts';

/** One thing that somebody does, as soon as it makes sense, and again if nothing came of it. */
interface Step {
  readonly person: string;
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

/** Two versions to prod, the second taken back, prod released. */
const GOLDEN_STEPS: readonly Step[] = [
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

/** What stands at the end of the script, whatever befell it on the way. */
export function goldenEnd(state: ServiceState): boolean {
  return goneBack(state) && quiet(state) && state.environments.prod.stack.at(-1)?.version === 1;
}

/** How often somebody looks whether it is their turn, and when they try again if nothing came of it. */
const LOOK_MS = 1_000;
const AGAIN_MS = 60_000;

/** Does one step after the other, and again after a while if nothing came of it. */
export function followScript(
  time: VirtualTime,
  state: () => ServiceState,
  press: (person: string, request: Request) => void,
): void {
  const steps = [...GOLDEN_STEPS];
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
      press(step.person, step.request(now));
      waitMs = AGAIN_MS;
    }
    if (step !== undefined) time.after(LOOK_MS, look);
  };
  look();
}
