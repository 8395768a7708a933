import { type Reason, type ReasonCode, reason, template } from '../../src/rollout/reasons.ts';
import { AT, LATER } from './parts.ts';

type Params = Readonly<Record<string, string | number>>;

/** What stands in most sentences. */
const USUAL: Params = {
  rollout: 'survival-42',
  rollouts: 'survival-42, survival-51',
  cleanup: 'survival-80',
  version: 7,
  environment: 'prod',
  service: 'survival',
  endpoint: 'titanic-survival-prod',
  group: 'titanic-survival',
  package: 'arn:aws:sagemaker:eu-central-1:123456789012:model-package/other/3',
  config: 'titanic-survival-prod-v5',
  name: 'titanic-survival-prod-v7-42',
  have: 1,
  need: 2,
  by: 'U0ALICE',
  person: 'U0BOTH',
  at: AT,
  expires: LATER,
  until: `until ${LATER}`,
  reason: 'the fares look wrong',
  why: 'no answer within 3 s',
  doing: 'its smoke tests are running',
  what: 'survival-42',
  field: 'imageDigest',
  findings: 'p95 412 ms, at most 300 ms',
  minutes: 60,
  times: 3,
  count: 6,
  left: 2,
  target: 'staging',
  targets: '6, 5',
  status: 'Rejected',
  containers: 2,
  open: 10,
  seq: 118,
  places: 1,
  bytes: 412_000,
  most: 350_000,
  alarm: 'titanic-survival-prod-v7-r42-errors',
  alarms: 'titanic-survival-prod-v7-r42-errors',
};

/** Where a word of the usual ones would make no sense. */
const OWN: Partial<Readonly<Record<ReasonCode, Params>>> = {
  'rollback-waits': { why: 'Updating the endpoint' },
  'already-decided': { what: 'promoted', at: LATER },
  'model-decided': { what: 'approved' },
  'superseded-by': { rollout: 'survival-51' },
  'waits-for-time': { at: LATER },
  'promotion-scheduled': { at: LATER },
  'time-after-expiry': { at: '2026-11-25T18:00:00.000Z' },
  'approval-expired': { at: LATER },
  'already-ended': { what: 'superseded' },
  'not-a-member': { why: 'the account is a guest' },
  'requester-unknown': { why: 'the account is deactivated' },
  'cancel-going-back': { environment: 'staging' },
  'endpoint-busy': { environment: 'staging', what: 'a smoke run is measuring it' },
  'stopping-only': { environment: 'staging' },
  'waits-for-people': { doing: 'it waits for approval' },
  'staging-busy': { doing: 'staging is being changed' },
  'model-approved-not-started': { why: 'staging is busy with survival-42' },
  'cleanup-open': { doing: 'it waits for a confirmation' },
  'cleanup-proposed': { who: 'an approver' },
  'cleanup-busy': { what: 'survival-42 waits for approval' },
  'nothing-to-clean': { target: 'leftovers' },
  'cleaned-up': { count: 2 },
  'cleaned-up-partly': {
    count: 1,
    left: 1,
    why: 'model titanic-survival-staging-v5-30: not authorized to perform sagemaker:DeleteModel',
  },
  'cleanup-unreadable': { why: 'ThrottlingException' },
  'cleanup-failed': { why: 'SageMaker refused the call' },
  'prod-frozen': { name: 'Christmas', owner: 'operations', reason: 'nobody is here', until: LATER },
  'waits-for-freeze': { name: 'Christmas', owner: 'operations', reason: 'nobody is here', until: LATER },
  'waits-for-sagemaker': { doing: 'Updating' },
  'record-broken': { why: 'an entry is missing' },
  'package-not-completed': { status: 'InProgress' },
  'rolled-back-silently': { words: 'The new fleet was not brought into service and the endpoint was rolled back.' },
  'health-check-failed': { words: 'The container did not answer the ping.' },
  'alarm-refused': { words: 'not authorized to perform cloudwatch:PutMetricAlarm.' },
  'quota-exceeded': { words: 'The account limit of ml.m5.large is 2 instances.' },
  'capacity-missing': { words: 'Unable to provision 2 × ml.m5.large.' },
  'access-denied': { words: 'not authorized to perform sagemaker:CreateModel.' },
  'role-invalid': { words: 'Could not assume role titanic.' },
  'image-missing': { words: 'Requested image survival:7 not found.' },
  'model-data-missing': { words: 'Could not find model data at s3://models/7.tar.gz.' },
  'registry-refused': { words: 'not authorized to perform sagemaker:UpdateModelPackage' },
  'call-refused': { words: 'Cannot update in-progress endpoint.' },
  'too-many-refusals': { words: 'Rate exceeded.' },
  'update-rollback-failed': { words: 'Insufficient capacity.' },
  'endpoint-failed': { words: 'The primary container did not start.' },
  'guardrail-missing': { why: 'SageMaker guards no change of a serverless endpoint' },
  'fleet-worse': { findings: 'errors 4.6 %, the old fleet 0.19 %' },
  'auto-rollback-snoozed': { until: LATER },
  'snoozed-already': { until: LATER },
  'alarm-on': { why: 'Threshold Crossed: 2 datapoints were greater than the threshold (1.0)' },
  'rolled-back-by-alarm': { words: 'One or more alarms were breached.' },
  'alarm-gone': { words: 'Unknown alarm titanic-survival-prod-v7-r42-kill-switch.' },
  'waits-for-preparation': { why: 'Rate exceeded.' },
  aborted: { why: 'asked for' },
  'smoke-inconclusive': { why: 'the generator was late' },
  'prod-check-inconclusive': { why: 'the generator was late' },
  'runs-another': { runs: 'survival-57' },
  removed: { environment: 'staging' },
  'removed-by-cleanup': { environment: 'staging' },
  manual: { reason: 'wrong answers' },
};

/** A reason as it may really be, with everything that its sentence needs. */
export function sample(code: ReasonCode): Reason {
  const names = [...template(code).matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => (name === undefined ? [] : [name]));
  if (names.length === 0) return reason(code);
  const entries = names.map((name): [string, string | number] => {
    const value = OWN[code]?.[name] ?? USUAL[name];
    if (value === undefined) throw new Error(`The samples have no {${name}} for ${code}`);
    return [name, value];
  });
  return reason(code, Object.fromEntries(entries));
}
