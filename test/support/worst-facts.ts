import { AT } from '../../blocks/samples/parts.ts';
import type { GuardNow } from '../../src/rollout/change-now.ts';
import type { ModelFacts } from '../../src/rollout/model-facts.ts';

/** As much of `text` as a registry may hold of a package; every second metric is a number. */
export function worstFacts(text: string): ModelFacts {
  return {
    version: 7,
    description: text,
    createdBy: text,
    createdAt: AT,
    commit: text,
    repository: text,
    image: text,
    imageDigest: text,
    modelData: text,
    metrics: Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [`${n} ${text}`, n % 2 === 0 ? text : '1'.repeat(300)]),
    ),
  };
}

/** A guarded change whose alarms somebody named like this. */
export function worstGuard(text: string): GuardNow {
  const named = Array.from({ length: 10 }, (_, n) => `${n} ${text}`);
  return {
    strategy: {
      traffic: { kind: 'canary', percent: 10, bakeSeconds: 600 },
      keepPreviousSeconds: 3_600,
      maximumSeconds: 28_800,
      alarms: { errorPercent: 1, p95Ms: 200, named, namedWithoutData: 'wait' },
      analysis: { autoRollbackSeconds: 60, snoozeSeconds: 600, minimumRequests: 100 },
      required: true,
    },
    alarms: named.map((name) => ({ name, state: text, why: text })),
    keptUntil: text.length % 2 === 0 ? AT : null,
    told: text.length % 2 === 0,
    analysis: {
      at: AT,
      verdict: 'worse',
      findings: [],
      fleets: null,
      why: text,
      dueAt: AT,
      snoozed: text.length % 3 === 0 ? { by: text, reason: text, at: AT } : null,
    },
  };
}
