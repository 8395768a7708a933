import type { RolloutSummary } from '../evidence/document.ts';
import { summarise } from '../evidence/summary.ts';
import type { Entry } from '../rollout/events.ts';
import type { Settings } from '../rollout/input.ts';
import { type Check, different, notKnown, ok } from './check.ts';
import type { Running } from './running.ts';

const GREEN = { name: 'criterion: staging passed its smoke tests', environment: 'prod' } as const;
const GATE = { name: 'criterion: the gate was run and is documented', environment: 'prod' } as const;
const TRACEABLE = { name: 'criterion: prod is traceable to the registry', environment: 'prod' } as const;
const CRITERIA = [GREEN, GATE, TRACEABLE];

/** The closing criteria, one by one, for what prod runs. Pure. `checks`: those of prod's endpoint. */
export function checkCriteria(
  settings: Settings,
  prod: Running,
  entries: readonly Entry[],
  checks: readonly Check[],
): readonly Check[] {
  const { target } = prod;
  if (target === null) return CRITERIA.map((about) => ok(about, 'for what prod runs', 'prod runs nothing yet'));
  const summary = target.rolloutId === null ? null : summarise(target.rolloutId, entries);
  if (summary === null || summary.kind !== 'rollout') {
    const todo = 'Deploy a version through titanic: staging, smoke tests, approval, prod.';
    return CRITERIA.map((about) => different(about, 'a rollout in the record', 'prod was adopted as it was', todo));
  }
  return [checkGreen(summary), checkGate(summary), checkTraceable(settings, summary, checks)];
}

function checkGreen({ smoke, environments, approvedAt }: RolloutSummary): Check {
  const expected = 'passed on staging, before the approval';
  const run = smoke.findLast((r) => r.purpose === 'gate' && r.environment === 'staging' && r.verdict !== 'void');
  const todo = 'What prod runs was never shown to be good. Deploy it again.';
  if (run === undefined) return different(GREEN, expected, 'no run is recorded', todo);
  const measured = run.numbers === null ? '' : `: ${run.numbers.n} requests, p95 ${run.numbers.p95Ms ?? '?'} ms`;
  const found = `${run.verdict}${measured}, error rate ${run.numbers?.errorRate ?? '?'}`;
  const inTime = run.finishedAt !== null && approvedAt !== null && run.finishedAt <= approvedAt;
  const same = run.configName === environments.staging.configName;
  return run.verdict === 'passed' && inTime && same
    ? ok(GREEN, expected, found)
    : different(GREEN, expected, found, todo);
}

function checkGate({ approvers, requester, quorum, approvedAt, environments }: RolloutSummary): Check {
  const others = new Set(approvers.filter((id) => id !== requester));
  const expected = `${quorum} approval${quorum === 1 ? '' : 's'} by others than ${requester ?? 'the requester'}, before prod`;
  const found = approvedAt === null ? 'no approval is recorded' : `${approvers.join(', ')} at ${approvedAt}`;
  const { startedAt } = environments.prod;
  const before = approvedAt !== null && startedAt !== null && approvedAt <= startedAt;
  const todo = 'prod runs what was not approved. `titanic rollback -- reason`, and find out how it got there.';
  return before && others.size >= quorum ? ok(GATE, expected, found) : different(GATE, expected, found, todo);
}

/** The links that were checked one by one, as one answer. */
const LINKS = ['config', 'model', 'model package', 'image', 'registry', 'seal'];

function checkTraceable(settings: Settings, { seal }: RolloutSummary, checks: readonly Check[]): Check {
  const expected = `${settings.endpointNames.prod} → config → model → ${seal.packageArn}`;
  const links = checks.filter(({ name }) => LINKS.includes(name));
  const wrong = links.filter(({ status }) => status === 'different').map(({ name }) => name);
  if (wrong.length > 0) {
    const todo = 'See the checks of these links.';
    return different(TRACEABLE, expected, `another ${wrong.join(', ')}`, todo);
  }
  const unread = links.filter(({ status }) => status === 'unknown').map(({ name }) => name);
  if (unread.length > 0) return notKnown(TRACEABLE, expected, unread.join(', '));
  return links.length === 0 ? notKnown(TRACEABLE, expected, 'prod is not at rest, or gone') : ok(TRACEABLE, expected);
}
