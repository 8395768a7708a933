import { expect, it } from 'vitest';
import { endpointSeen } from '../../src/adapters/endpoint-seen.ts';

const StartTime = new Date(Date.UTC(2030, 0, 1));

function seen(StatusMessage: string) {
  return endpointSeen({
    EndpointName: 'prod',
    EndpointArn: 'arn:aws:sagemaker:us-east-1:123456789012:endpoint/prod',
    EndpointStatus: 'Updating',
    CreationTime: StartTime,
    LastModifiedTime: StartTime,
    PendingDeploymentSummary: {
      EndpointConfigName: 'v2',
      ProductionVariants: [
        { VariantName: 'AllTraffic', VariantStatus: [{ Status: 'Baking', StatusMessage, StartTime }] },
      ],
    },
  });
}

it('reads that the old fleet is only kept from the wait for its end behind all traffic', () => {
  const words =
    'Baking for 600 seconds (TerminationWaitInSeconds) with traffic enabled on full capacity of 3 instance(s).';
  expect(seen(words)).toMatchObject({ value: { keptSince: StartTime.toISOString() } });
});

it('does not take a canary for it, for which AWS’s own example names the same wait', () => {
  const words =
    'Baking for 600 seconds (TerminationWaitInSeconds) with traffic enabled on canary capacity of 1 instance(s).';
  const { value } = seen(words) as { value?: object };
  expect(value).toMatchObject({ words: `Baking: ${words}` });
  expect(value).not.toHaveProperty('keptSince');
});
