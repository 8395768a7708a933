import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { ALARMS, CLOUDWATCH_ALARMS } from './alarms.ts';
import { REASON_CODES, type ReasonCode, template } from './rollout/reasons.ts';

/** What to do about the codes of each part of the list, by the comment that stands above it. */
const ADVICE: Readonly<Record<string, string>> = {
  'accepted commands': 'Nothing to do: what was asked for is recorded and goes on by itself.',
  'refused: who':
    'Somebody without the right asked, or Slack could not say who they are. Ask the person that the sentence names; change the groups in Slack, not in titanic.',
  'refused: where it stands':
    'The answer to a command that does not fit the moment. `/titanic status` shows the moment; the sentence names the way.',
  'refused: the model package':
    'The package cannot be deployed as it is. Mend it in the Model Registry, or name another version.',
  'refused: what nobody asked for':
    'A rollout that titanic would have begun by itself (`autoStage`). It is in the log of the bot and not in the record. Whoever wants it all the same deploys it: `/titanic deploy staging --model VERSION`.',
  'model approvals': 'A decision about a package of the Model Registry. The card in the channel shows where it stands.',
  'clean-up':
    'A plan, its confirmation, or how its deletions ended. It may always be given again: what is gone is found gone.',
  seal: 'What was approved is not what is there now, so nothing of it reaches prod. Find out who changed the package or titanic.yml, then deploy again.',
  waits:
    'Nothing is wrong yet: titanic looks again by itself. If it lasts longer than a quarter of an hour, look at the thing that the sentence names.',
  'endings of deployments':
    'How a change of an endpoint came out. A rollout that failed on prod goes back by itself; the words are those of AWS. The CloudWatch logs of the endpoint say more.',
  smoke:
    'What the measurement said. Read the table on the card: which case, which limit. An inconclusive run says nothing about the model.',
  'endings of rollouts, causes of rollbacks':
    'How a rollout ended, or why an endpoint went back. The evidence has the rest.',
};

/** What an operator should do beyond what the sentence says. */
const MORE: Readonly<Partial<Record<ReasonCode, string>>> = {
  'record-broken':
    'Somebody changed the table; find out who. `titanic verify --live` names the entry. Either restore the table from its point-in-time recovery to a moment before it, with all writers stopped, or let an approver answer for it: `/titanic acknowledge-break -- reason`. Delete nothing.',
  'alarm-gone':
    'Somebody deleted it, or a clean-up of another installation did. The way back is then an ordinary rollback, in minutes.',
  'record-newer': 'A newer titanic has written. Update this replica; it only reads meanwhile.',
  'record-unreachable': 'Check the table, its throughput and the credentials: `titanic doctor`.',
  'record-unclear':
    'The table took the write and did not answer, or was away before it could be read back. Nothing is lost or done twice: what stands in the record is carried out. Check the table: `titanic doctor`.',
  'groups-unreadable':
    'Check the token and its scope usergroups:read. Rollback still works by the last known membership, for a day.',
  'prod-endpoint-failed':
    'prod does not serve. Press Recreate prod on the card (approvers): it is deleted and made again with what succeeded last.',
  'update-rollback-failed':
    'The endpoint serves a mix of versions. Roll back; if SageMaker refuses, open a case with AWS support.',
  'no-trace':
    'SageMaker took the call and did nothing. Look at the endpoint in the console, then deploy or roll back again.',
  'changed-outside': 'Find out in CloudTrail who changed it. titanic goes back to what the record says.',
  'wrong-chain': 'A config or model of that name is not what titanic made. Find out in CloudTrail who made it.',
  'name-taken': 'A resource of the name that titanic would use exists. Delete it, or clean up leftovers.',
  'target-missing':
    'Somebody deleted the config that a rollback goes to. Name an older version with --to, or deploy again.',
  'quorum-lost':
    'An approver left the group after pressing. Another approver has to press, or reject and deploy again.',
  'prod-check-inconclusive':
    'prod serves the new version and is held. Measure again with `/titanic smoke prod`, then unlock or roll back.',
  'waits-for-group':
    'Slack cannot be asked who approves. See https://slack-status.com; the approval expires by itself.',
  'registry-refused': 'Compare the permission sagemaker:UpdateModelPackage with infra/.',
  'cleaned-up-partly': 'The thing that it names is in use or not permitted. Mend that, and clean up again.',
};

export interface Section {
  readonly title: string;
  readonly codes: readonly ReasonCode[];
}

/** The parts of the list of reasons, as its source names them. */
export function sections(
  source = readFileSync(new URL('./rollout/reasons.ts', import.meta.url), 'utf8'),
): readonly Section[] {
  const found: { title: string; codes: ReasonCode[] }[] = [];
  for (const line of source.split('\n')) {
    const title = /^ {2}\/\/ (.+)$/.exec(line)?.[1];
    const code = /^ {2}'?([a-z-]+)'?:/.exec(line)?.[1];
    if (title !== undefined) found.push({ title, codes: [] });
    const known = REASON_CODES.find((each) => each === code);
    if (known !== undefined) found.at(-1)?.codes.push(known);
  }
  return found;
}

/** The runbook as Markdown: every alarm and every reason code, what it means, and what to do. */
export function runbookText(): string {
  const alarms = ALARMS.flatMap(({ name, expression, forMinutes, means, todo }) => [
    `### ${name}`,
    '',
    `\`${expression}\` for ${forMinutes} min`,
    '',
    `${means} **${todo}**`,
    '',
  ]);
  const reasons = sections().flatMap(({ title, codes }) => [
    `### ${title[0]?.toUpperCase()}${title.slice(1)}`,
    '',
    ADVICE[title] ?? '',
    '',
    '| code | says | do |',
    '| --- | --- | --- |',
    ...codes.map((code) => `| \`${code}\` | ${cell(template(code))} | ${cell(MORE[code] ?? '')} |`),
    '',
  ]);
  return [
    '# Runbook',
    '',
    '<!-- Generated by `node src/runbook.ts --write docs/runbook.md`; a test compares it with the code. -->',
    '',
    'Every alarm and every reason code, with what it means and what to do. The dashboard is [grafana-dashboard.json](grafana-dashboard.json). What titanic does is always in the record: `titanic status`, `titanic history`, `titanic evidence export`.',
    '',
    '## Alarms',
    '',
    ...alarms,
    '## Alarms of CloudWatch',
    '',
    'What Terraform makes beside the bot, from what it logs; the names begin with the prefix.',
    '',
    '| alarm | means | do |',
    '| --- | --- | --- |',
    ...CLOUDWATCH_ALARMS.map(({ name, means, todo }) => `| \`${name}\` | ${cell(means)} | ${cell(todo)} |`),
    '',
    '## Reason codes',
    '',
    'In braces stands what is filled in.',
    '',
    ...reasons,
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function cell(words: string): string {
  return words.replaceAll('|', '\\|');
}

export const ADVISED = Object.keys(ADVICE);

if (import.meta.main) {
  const { values } = parseArgs({ options: { write: { type: 'string' } } });
  if (values.write === undefined) process.stdout.write(runbookText());
  else writeFileSync(values.write, runbookText());
}
