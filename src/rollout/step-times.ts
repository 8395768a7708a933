import type { Rollout } from './state.ts';

/** The steps of a rollout as people see them, in order. */
export const STEPS = ['staging', 'smoke tests', 'approval', 'prod', 'check of prod'] as const;
export type StepName = (typeof STEPS)[number];

/** A status that begins a step, or that ends the one before it. */
type Mark = 'testing' | 'tested' | 'gate' | 'approved' | 'prod' | 'verifying';

/** When a rollout came to each status (ISO 8601), as far as it did; to `testing` and `gate` for the first time. */
export type Reached = Readonly<Partial<Record<Mark, string>>>;

const MARKS: readonly Mark[] = ['testing', 'tested', 'gate', 'approved', 'prod', 'verifying'];
/** Come to again after something was repeated or void, these go on as one step. */
const GOES_ON: readonly Mark[] = ['testing', 'gate'];

/** What is known of the statuses once this one is reached: of those behind it nothing any more. */
export function reachedNow(reached: Reached, status: Rollout['status'], at: string): Reached {
  const mark = MARKS.find((one) => one === status);
  if (mark === undefined) return reached;
  const place = MARKS.indexOf(mark);
  const before = Object.fromEntries(MARKS.slice(0, place).flatMap((one) => entryOf(reached, one)));
  const first = GOES_ON.includes(mark) ? reached[mark] : undefined;
  return { ...before, [mark]: first ?? at };
}

function entryOf(reached: Reached, mark: Mark): readonly (readonly [Mark, string])[] {
  const at = reached[mark];
  return at === undefined ? [] : [[mark, at]];
}

/** `from` null: not begun. `to` null: not over. Both ISO 8601. `broken`: the rollout ended in it, otherwise than well. */
export interface StepTime {
  readonly step: StepName;
  readonly from: string | null;
  readonly to: string | null;
  readonly broken: boolean;
}

/** When each step began and ended. */
export function stepTimes(rollout: Rollout): readonly StepTime[] {
  const { reached, startedAt } = rollout;
  const over = rollout.status === 'ended' ? rollout.endedAt : null;
  const promoted = rollout.status === 'ended' && rollout.outcome === 'promoted';
  const from = [startedAt, reached.testing, reached.gate, reached.prod, reached.verifying];
  const to = [reached.testing, reached.tested, reached.approved, reached.verifying, promoted ? over : undefined];
  return STEPS.map((step, at) => {
    const begun = from[at] ?? null;
    const done = begun === null ? null : (to[at] ?? null);
    const broken = begun !== null && done === null && over !== null;
    return { step, from: begun, to: broken ? over : done, broken };
  });
}
