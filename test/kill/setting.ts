import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { SlackControl } from '../../sandbox/slack/control/slack-control.ts';
import type { TestTimes } from '../../src/test-times.ts';

/** The waits of the protocol, each shorter than real by about the same factor, so that their proportions stay. */
export const TIMES: Required<TestTimes> = {
  freshMs: 1_500,
  callTimeoutMs: 1_200,
  openIntentMs: 5_000,
  noTraceMs: 5_000,
  smokeGraceMs: 1_000,
  smokeLongestMs: 6_000,
  underWayMs: 500,
  atRestMs: 2_000,
  cardGapMs: 250,
  postsPerMinute: 6_000,
  lingerMs: 50,
  lookAgainMs: 2_000,
  credentialsKeptMs: 30_000,
  reminderMs: 600_000,
  idleStopMs: 600_000,
  autoStageMs: 600_000,
};

/** A stopped process sleeps up to this long: longer than every wait above. Milliseconds. */
export const LONGEST_STOP_MS = 7_500;

/** One lane lives one life after another; lanes share the bots and nothing else. */
export interface Lane {
  readonly service: string;
  readonly operators: readonly string[];
  readonly approvers: readonly string[];
}

export function lanesOf(count: number): readonly Lane[] {
  return Array.from({ length: count }, (_, index) => ({
    service: `lane${index}`,
    operators: [`U0OPER${index}A`, `U0OPER${index}B`],
    approvers: [`U0APPR${index}A`, `U0APPR${index}B`],
  }));
}

/** People who take turns, so that no limit for one person is in the way. */
export async function putPeople(slack: SlackControl, lanes: readonly Lane[]): Promise<void> {
  const people = lanes.flatMap(({ operators, approvers }) => [...operators, ...approvers]);
  for (const id of people) await slack.putUser({ id });
  const channel = (await slack.workspace()).world.channels.find(({ id }) => id === 'C0TITANIC');
  await slack.putChannel({ id: 'C0TITANIC', members: [...(channel?.members ?? []), ...people] });
}

export function writeConfig(folder: string, lanes: readonly Lane[]): string {
  const path = join(folder, 'titanic.kill.yml');
  const service = ({ service: name }: Lane) => ({
    name,
    modelPackageGroup: 'titanic-survival',
    staging: { instanceType: 'ml.m5.large', instanceCount: 1 },
    prod: { instanceType: 'ml.m5.large', instanceCount: 1 },
    smoke: {
      cases: [
        { name: 'a woman of the first class', contentType: 'text/csv', body: '1,female,29', expect: { match: '.' } },
      ],
      requests: 60,
      warmUpRequests: 2,
      ratePerSecond: 200,
      timeoutMs: 4_500,
      maxErrorRate: 0.01,
      maxP95Ms: 4_000,
    },
  });
  const config = {
    slack: {
      channel: 'C0TITANIC',
      approvers: { users: lanes.flatMap(({ approvers }) => approvers) },
      operators: { users: lanes.flatMap(({ operators }) => operators) },
    },
    aws: {
      table: 'titanic-rollouts',
      executionRoleArn: 'arn:aws:iam::123456789012:role/titanic-sagemaker-execution',
      describeLagSeconds: 0.2,
    },
    prefix: 'titanic-',
    tags: { project: 'titanic-sagemaker' },
    services: lanes.map(service),
  };
  writeFileSync(path, stringify(config));
  return path;
}
