import type { Environment } from './candidate.ts';
import type { Baseline, CallOutcome, EndpointCall } from './events.ts';
import type { Settings } from './input.ts';
import { baselineOf, type EndpointSeen, type Observation } from './observation.ts';
import type { OpenIntent } from './state.ts';
import { NOTHING, RETRY_READ_MS, record, type Step, wake } from './step.ts';

/**
 * An intent whose sender recorded nothing is decided only by a look that began `openIntentMs` after this replica first
 * saw it open. Earlier looks decide nothing: a foreign change, or a describe a few seconds old, can look exactly like
 * our call landed or failed.
 */
export function decideIntent(
  environment: Environment,
  intent: OpenIntent,
  observation: Observation,
  settings: Settings,
): Step {
  const ageMs = observation.agesMs[intent.seq] ?? 0;
  const { openIntentMs } = settings.times;
  if (ageMs < openIntentMs) return wake(openIntentMs - ageMs);
  const look = observation.endpoints[environment];
  if (look === null) return NOTHING;
  if (look.kind === 'unknown') return wake(RETRY_READ_MS);
  const endpoint = look.value.endpoint;
  const seen = baselineOf(endpoint);
  const outcome: CallOutcome = landed(intent.call, intent.baseline, endpoint)
    ? { kind: 'landed', seen }
    : { kind: 'lapsed', seen };
  return record([{ type: 'CallDecided', environment, intent: intent.seq, outcome }]);
}

/** Whether the call took effect, by comparison with what the endpoint showed before it. */
function landed(call: EndpointCall, before: Baseline, now: EndpointSeen | null): boolean {
  switch (call.kind) {
    case 'create':
      return now !== null && ours(now, call.configName);
    case 'update': {
      // Equality, never order: no two clocks are compared.
      const changed = now !== null && (!before.present || now.lastModified !== before.lastModified);
      return changed && ours(now, call.configName);
    }
    case 'delete':
      return now === null || now.status === 'Deleting';
    default: {
      const never: never = call;
      throw new Error(`Unknown call ${JSON.stringify(never)}`);
    }
  }
}

function ours(seen: EndpointSeen, configName: string): boolean {
  return seen.configName === configName || seen.pendingConfigName === configName;
}
