import type { VerificationSeen } from '../src/ports/verification-store.ts';
import type { Environment } from '../src/rollout/candidate.ts';
import type { Reading } from '../src/rollout/observation.ts';
import { runsSince } from '../src/rollout/runs-since.ts';
import type { ServiceState } from '../src/rollout/state.ts';
import { at, code, type Line, text } from './inline.ts';

/** Whether what an environment runs was found as the record says, the last time somebody looked; null: it runs nothing. */
export function healthLine(
  state: ServiceState,
  environment: Environment,
  verified: Reading<VerificationSeen | null>,
): Line | null {
  const runs = state.environments[environment].stack.at(-1);
  if (runs === undefined) return null;
  if (verified.kind === 'unknown') return [text('  whether it was verified cannot be read right now')];
  const seen = verified.value;
  // What was found of another deployment says nothing of this one.
  if (seen === null || seen.at < runsSince(state, environment, runs)) {
    return [text('  not verified since: '), code('/titanic verify')];
  }
  const { ok, different, unknown } = seen.environments[environment];
  const words =
    different > 0 || seen.service.different > 0
      ? `${different + seen.service.different} checks differ from the record`
      : unknown > 0 || seen.service.unknown > 0
        ? `${unknown + seen.service.unknown} checks could not be made, the others are in order`
        : ok === 0
          ? 'nothing could be checked'
          : `as the record says (${ok} checks)`;
  return [text('  verified '), at(seen.at), text(`: ${words}`)];
}
