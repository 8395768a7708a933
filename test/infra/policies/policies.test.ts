import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sourcesBelow } from '../../support/source-imports.ts';
import type { IamRequest } from '../record/iam-request.ts';
import { DENIED } from './denied.ts';
import { conditionMutants, survivors, uselessTrust } from './mutants.ts';
import { BEYOND_THE_SIMULATOR, NAMED_CALLS } from './named-calls.ts';
import { grantsOf, JUDGED, judge, narrowed, POLICIES, policyOf, type Statement } from './simulate.ts';

const recorded = JSON.parse(readFileSync(new URL('calls.generated.json', import.meta.url), 'utf8')) as IamRequest[];
const calls = [...recorded, ...NAMED_CALLS];
const inWords = ({ who, action, resource }: IamRequest) => `${who}: ${action} ${resource}`;

async function judged<T extends IamRequest>(requests: readonly T[]) {
  return Promise.all(requests.map(async (request) => ({ request, verdict: await judge(request) })));
}

/** Judging costs a few milliseconds each, so it is done once. */
const judgedCalls = judged(calls);

/** Whether one of the calls is allowed by nothing but this. */
async function isUsed(may: readonly IamRequest[], statement: Statement, action: string): Promise<boolean> {
  for (const request of may) if ((await judge(request, narrowed(statement, action))).allowed) return true;
  return false;
}

// Some seconds of work, which take longer where others work too.
describe('least privilege', { timeout: 120_000 }, () => {
  it('allows every call of the journeys, with the resource and the conditions that it really has', async () => {
    expect(recorded.length).toBeGreaterThan(50);
    const all = await judgedCalls;
    expect(all.filter(({ verdict }) => !verdict.allowed).map(({ request }) => inWords(request))).toEqual([]);
  });

  it('looks at every condition that a call was recorded with', async () => {
    const all = await judgedCalls;
    expect(all.flatMap(({ request, verdict }) => verdict.ignored.map((key) => `${inWords(request)}: ${key}`))).toEqual(
      [],
    );
  });

  it('refuses what nobody of them is to do, in more than 60 cases', async () => {
    expect(DENIED.length).toBeGreaterThan(60);
    const all = await judged(DENIED);
    expect(
      all.filter(({ verdict }) => verdict.allowed).map(({ request }) => `${request.who} may ${request.says}`),
    ).toEqual([]);
  });

  it.each(JUDGED)('gives %s no permission that nothing uses', async (who) => {
    const own = calls.filter((request) => request.who === who);
    const unused: string[] = [];
    for (const { statement, action } of grantsOf(policyOf(who))) {
      if (Object.hasOwn(BEYOND_THE_SIMULATOR, statement.Sid ?? '')) continue;
      const may = own.filter((request) => request.action === action);
      if (!(await isUsed(may, statement, action))) unused.push(`${statement.Sid}: ${action}`);
    }
    expect(unused).toEqual([]);
  });

  it('has no condition that could be left out without a refusal becoming an allowance', async () => {
    const mutants = conditionMutants();
    expect(mutants.length).toBeGreaterThan(30);
    expect(await survivors(mutants)).toEqual([]);
  });

  it('trusts a job of GitHub’s by nothing that could be left out', async () => {
    expect(POLICIES['pipeline-who']?.Statement).toHaveLength(1);
    expect(await uselessTrust()).toEqual([]);
  });

  it('names no action by a wildcard', () => {
    const wide = JUDGED.flatMap((who) => grantsOf(policyOf(who)).map(({ action }) => `${who}: ${action}`));
    expect(wide.filter((line) => line.includes('*'))).toEqual([]);
  });

  it('knows every operation that an adapter sends', () => {
    const sent = sourcesBelow('src/adapters').flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/new (\w+)Command\(/g)].map(([, operation]) => operation ?? ''),
    );
    const known = new Set(calls.map(({ action }) => action.split(':')[1]));
    // Terraform makes the table; `titanic create-table` is for trying out. Who one is may always be asked.
    // `titanic setup` lists by the rights of whoever sets titanic up, and asks for what they may not see.
    const exempt = ['CreateTable', 'GetCallerIdentity', 'ListTables', 'ListModelPackageGroups'];
    expect([...new Set(sent)].filter((operation) => !known.has(operation) && !exempt.includes(operation))).toEqual([]);
  });
});
