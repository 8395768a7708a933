import type { ModelFacts } from '../../src/rollout/model-facts.ts';
import { AT } from '../unit/blocks-fixtures.ts';

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
