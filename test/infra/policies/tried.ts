import type { IamRequest } from '../record/iam-request.ts';

/* The things that cases are about, as the rendered policies name them. */

/** Something that must be refused, in words, and by whom it is tried. */
export interface DeniedCase extends IamRequest {
  readonly says: string;
}

export const ACCOUNT = '123456789012';
export const SAGEMAKER = `arn:aws:sagemaker:us-east-1:${ACCOUNT}`;
export const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/titanic-rollouts`;
export const IAM = `arn:aws:iam::${ACCOUNT}`;
export const LOGS = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group`;

export const endpoint = (name: string) => `${SAGEMAKER}:endpoint/${name}`;
export const config = (name: string) => `${SAGEMAKER}:endpoint-config/${name}`;
export const model = (name: string) => `${SAGEMAKER}:model/${name}`;
export const aPackage = (name: string) => `${SAGEMAKER}:model-package/${name}`;
export const aRole = (name: string) => `${IAM}:role/${name}`;
export const secret = (name: string) => `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:${name}-Ab12Cd`;

/** Of titanic's own for a change of prod; `kill-switch`, `errors` or `latency`. */
export const guard = (of: string, configName = 'titanic-survival-prod-v1-r1') => alarm(`${configName}-${of}`);
export const alarm = (name: string) => `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:${name}`;

export const PROD = endpoint('titanic-survival-prod');
export const STAGING = endpoint('titanic-survival-staging');
export const PROD_CONFIG = config('titanic-survival-prod-v1-r1');
export const STAGING_CONFIG = config('titanic-survival-staging-v1-r1');
export const OURS = { 'aws:ResourceTag/project': 'titanic-sagemaker', 'aws:ResourceTag/tutorial_phase': '04' };
export const ASKED = { 'aws:RequestTag/project': 'titanic-sagemaker', 'aws:RequestTag/tutorial_phase': '04' };
export const SMALL = { ...ASKED, 'sagemaker:InstanceTypes': ['ml.m5.large'] };
export const SURVIVAL = { 'dynamodb:LeadingKeys': ['service#survival'] };
/** Where the bot keeps who is in the groups. */
export const SLACK = { 'dynamodb:LeadingKeys': ['slack'] };
export const TO_SAGEMAKER = { 'iam:PassedToService': 'sagemaker.amazonaws.com' };

export type Line = readonly [says: string, action: string, resource: string, context?: IamRequest['context']];

/** Cases of one identity. */
export function by(who: string, lines: readonly Line[]): readonly DeniedCase[] {
  return lines.map(([says, action, resource, context = {}]) => ({ who, says, action, resource, context }));
}
