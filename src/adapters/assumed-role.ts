import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { Logger } from '../ports/logger.ts';
import { awsFailure, failureWords } from './aws-errors.ts';

export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** A credential provider as the SDK's clients take it; several of them may share one. Throws when STS refuses. */
export type AssumedRole = () => Promise<RoleCredentials>;

/** The SDK asks again this long before the end as well; both have to agree, or it would ask at every call. */
const REFRESH_BEFORE_END_MS = 5 * 60_000;

interface AssumedRoleDeps {
  readonly sts: STSClient;
  readonly roleArn: string;
  /** Shows up in CloudTrail as who did it. */
  readonly sessionName: string;
  readonly log: Logger;
  readonly nowMs?: () => number;
}

/** Assumes a role when first needed, and again 5 minutes before its credentials run out. One request at a time. */
export function createAssumedRole(deps: AssumedRoleDeps): AssumedRole {
  const nowMs = deps.nowMs ?? Date.now;
  let held: RoleCredentials | undefined;
  let asking: Promise<RoleCredentials> | undefined;
  const remainingMs = (credentials: RoleCredentials) => credentials.expiration.getTime() - nowMs();

  async function ask(): Promise<RoleCredentials> {
    try {
      held = await assume(deps);
      return held;
    } catch (error) {
      // What is still valid goes on being used: STS being away for a minute must not stop a rollback.
      if (held === undefined || remainingMs(held) <= 0) throw error;
      deps.log.warn({ roleArn: deps.roleArn, why: failureWords(awsFailure(error)) }, 'role could not be refreshed');
      return held;
    } finally {
      asking = undefined;
    }
  }

  return () => {
    if (held !== undefined && remainingMs(held) > REFRESH_BEFORE_END_MS) return Promise.resolve(held);
    asking ??= ask();
    return asking;
  };
}

async function assume(deps: AssumedRoleDeps): Promise<RoleCredentials> {
  const { Credentials: given } = await deps.sts.send(
    new AssumeRoleCommand({ RoleArn: deps.roleArn, RoleSessionName: deps.sessionName }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new Error(`STS gave no credentials for ${deps.roleArn}`);
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}
