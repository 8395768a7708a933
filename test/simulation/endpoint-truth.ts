import type { EndpointCall, VariantSeen } from '../../src/rollout/events.ts';
import type { EndpointSeen } from '../../src/rollout/observation.ts';
import { EPOCH_MS } from './machine.ts';

/** What an endpoint really was from a moment on. */
export interface Truth {
  readonly atMs: number;
  readonly seen: EndpointSeen | null;
  /** What answers invocations: more than one while an undone update left a mix. */
  readonly serving: readonly string[];
  readonly cause: 'call' | 'foreign' | 'system' | 'progress';
}

/** A mutating call as it arrived at SageMaker: the ground truth about what we did. */
export interface ArrivedCall {
  readonly atMs: number;
  readonly service: string;
  readonly environment: 'staging' | 'prod';
  readonly intent: number;
  readonly call: EndpointCall;
  readonly by: string;
  readonly accepted: boolean;
  readonly before: EndpointSeen | null;
}

export interface EndpointTruth {
  readonly name: string;
  readonly arn: string;
  readonly now: Truth;
  readonly history: readonly Truth[];
  tags: Readonly<Record<string, string>>;
  at(atMs: number): Truth;
  become(atMs: number, cause: Truth['cause'], seen: EndpointSeen | null, serving?: readonly string[]): void;
  /** When a foreigner or SageMaker itself last changed it; -Infinity: never. */
  lastForeignMs(): number;
  /** A new LastModifiedTime, different from all before. */
  stamp(atMs: number): string;
}

export function createEndpointTruth(name: string): EndpointTruth {
  const history: Truth[] = [{ atMs: Number.NEGATIVE_INFINITY, seen: null, serving: [], cause: 'system' }];
  let lastStampMs = 0;
  let lastForeignMs = Number.NEGATIVE_INFINITY;
  const now = () => history[history.length - 1] as Truth;
  return {
    name,
    arn: `arn:aws:sagemaker:eu-west-1:123456789012:endpoint/${name}`,
    history,
    tags: {},
    get now() {
      return now();
    },
    at(atMs) {
      for (let i = history.length - 1; i > 0; i--) {
        const truth = history[i] as Truth;
        if (truth.atMs <= atMs) return truth;
      }
      return history[0] as Truth;
    },
    become(atMs, cause, seen, serving) {
      const live = seen !== null && SERVING.has(seen.status) ? [seen.configName] : [];
      history.push({ atMs, cause, seen, serving: serving ?? live });
      if (cause === 'foreign' || cause === 'system') lastForeignMs = atMs;
    },
    lastForeignMs: () => lastForeignMs,
    stamp(atMs) {
      lastStampMs = Math.max(lastStampMs + 1, Math.floor(EPOCH_MS + atMs));
      return new Date(lastStampMs).toISOString();
    },
  };
}

const SERVING = new Set(['InService', 'Updating', 'SystemUpdating', 'RollingBack', 'UpdateRollbackFailed']);

export function variantsOf(desired: number, current: number): readonly VariantSeen[] {
  return [{ name: 'AllTraffic', desiredCount: desired, currentCount: current, desiredWeight: 1, currentWeight: 1 }];
}
