import { DENIED } from './denied.ts';
import { JUDGED, judge, POLICIES, policyOf, type Statement } from './simulate.ts';

type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A policy with one condition taken out. */
interface Mutant {
  readonly says: string;
  readonly who: string;
  /** Of the statement; only they can be judged otherwise. */
  readonly actions: readonly string[];
  readonly policy: ReturnType<typeof policyOf>;
}

/** Every condition of every role's policy, taken out one at a time. */
export function conditionMutants(): readonly Mutant[] {
  return JUDGED.flatMap((who) => {
    const policy = policyOf(who);
    return policy.Statement.flatMap((statement, index) =>
      withoutOneCondition(statement).map(([without, what]) => ({
        says: `${who}, ${statement.Sid}: ${what}`,
        who,
        actions: [statement.Action].flat(),
        policy: { ...policy, Statement: policy.Statement.with(index, without) },
      })),
    );
  });
}

/** What of the pipeline's trust could be left out without a job of somebody else's getting in. */
export async function uselessTrust(): Promise<readonly string[]> {
  const trust = POLICIES['pipeline-who'];
  const strangers = DENIED.filter((one) => one.who === 'github' && one.resource.endsWith('/titanic-pipeline'));
  const useless: string[] = [];
  for (const [without, what] of (trust?.Statement ?? []).flatMap(withoutOneCondition)) {
    const wider = { Version: '2012-10-17', Statement: [without] };
    const verdicts = await Promise.all(strangers.map((one) => judge(one, undefined, wider)));
    if (!verdicts.some(({ allowed }) => allowed)) useless.push(what);
  }
  return useless;
}

function withoutOneCondition(statement: Statement): readonly (readonly [Statement, string])[] {
  const conditions = (statement as { Condition?: Condition }).Condition ?? {};
  return Object.entries(conditions).flatMap(([test, keys]) =>
    Object.keys(keys).map((key) => {
      const { [key]: _, ...others } = keys;
      const without = { ...statement, Condition: { ...conditions, [test]: others } };
      return [without, `${test} ${key}`] as const;
    }),
  );
}

/** Mutants under which everything is still refused: conditions that no case needs. */
export async function survivors(mutants: readonly Mutant[]): Promise<readonly string[]> {
  const left: string[] = [];
  for (const { says, who, actions, policy } of mutants) {
    let caught = false;
    for (const request of DENIED.filter((one) => one.who === who && actions.includes(one.action))) {
      caught = (await judge(request, policy)).allowed;
      if (caught) break;
    }
    if (!caught) left.push(says);
  }
  return left;
}
