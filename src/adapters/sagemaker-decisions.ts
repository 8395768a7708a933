import { createHash } from 'node:crypto';
import { type SageMakerClient, UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import type { CallReply } from '../ports/endpoints.ts';
import type { RegistryDecisions } from '../ports/registry-decisions.ts';
import type { ModelStage } from '../rollout/model-stages.ts';
import { reason } from '../rollout/reasons.ts';
import type { AwsClients } from './aws-clients.ts';
import { awsFailure, failureWords, refusalOf } from './aws-errors.ts';

const LONGEST_DESCRIPTION = 1_024;
/** What AWS takes as a ClientToken. */
const TOKEN_LENGTH = 36;
const TOO_LATE: CallReply = { kind: 'not-sent', why: 'too late to be sent' };
/** For what is only a courtesy. Milliseconds. */
const STAGE_WITHIN_MS = 10_000;

const STAGES: Readonly<Record<ModelStage, { Stage: string; StageStatus: string }>> = {
  staging: { Stage: 'Staging', StageStatus: 'Deployed' },
  prod: { Stage: 'Production', StageStatus: 'Deployed' },
  retired: { Stage: 'Production', StageStatus: 'Retired' },
};

/** Writes to the Model Registry through the SDK: decisions with a client of their own, everything else with `client`. */
export function createSageMakerDecisions(
  client: SageMakerClient,
  clientWhile: AwsClients['registryWhile'],
): RegistryDecisions {
  return {
    async decide({ permission, writer, description, signal, stillFresh }) {
      const { service, seq, packageArn, status } = permission;
      let over = false;
      let left = false;
      const mayLeave = () => !over && !signal.aborted && stillFresh();
      // Asked for each attempt when its socket stands: a machine that was suspended sends nothing that is long decided.
      const own = clientWhile(() => {
        const leaves = mayLeave();
        left ||= leaves;
        return leaves;
      });
      try {
        await client.config.credentials();
        if (!mayLeave()) return TOO_LATE;
        const reply = await own.send(
          new UpdateModelPackageCommand({
            ModelPackageArn: packageArn,
            ModelApprovalStatus: status,
            ApprovalDescription: description.slice(0, LONGEST_DESCRIPTION),
            ClientToken: tokenOf(service, seq, writer),
          }),
          { abortSignal: signal },
        );
        return { kind: 'accepted', requestId: reply.$metadata.requestId ?? null };
      } catch (error) {
        const failure = awsFailure(error);
        if (!left) return mayLeave() ? { kind: 'not-sent', why: failureWords(failure) } : TOO_LATE;
        const refusal = refusalOf(failure);
        if (refusal === null) return { kind: 'unclear', why: failureWords(failure) };
        return { kind: 'refused', requestId: failure.requestId, ...refusal };
      } finally {
        over = true;
        own.destroy();
      }
    },

    async setStage(packageArn, stage, words) {
      try {
        await client.send(
          new UpdateModelPackageCommand({
            ModelPackageArn: packageArn,
            ModelLifeCycle: { ...STAGES[stage], StageDescription: words.slice(0, LONGEST_DESCRIPTION) },
          }),
          { abortSignal: AbortSignal.timeout(STAGE_WITHIN_MS) },
        );
        return null;
      } catch (error) {
        return reason('call-refused', { words: failureWords(awsFailure(error)) });
      }
    },
  };
}

/** The same for every repetition of one intent, another for every other: `[a-zA-Z0-9-]`, at most 36. */
function tokenOf(service: string, seq: number, writer: string): string {
  return createHash('sha256').update(`${service} ${seq} ${writer}`).digest('hex').slice(0, TOKEN_LENGTH);
}
