import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { TickStore } from '../ports/tick-store.ts';
import type { DynamoClients } from './aws-clients.ts';
import { awsFailure, failureWords } from './aws-errors.ts';
import { keyOf } from './dynamo-items.ts';

/** Ticks as items of the table: claims, which may be deleted without losing the record. */
export function createDynamoTickStore(deps: { readonly clients: DynamoClients; readonly table: string }): TickStore {
  return {
    async claimTick(service, job, instant) {
      const Item = keyOf(service, `cron#${job}#${instant}`);
      try {
        await deps.clients.once.send(
          new PutItemCommand({ TableName: deps.table, Item, ConditionExpression: 'attribute_not_exists(sk)' }),
        );
        return true;
      } catch (error) {
        const failure = awsFailure(error);
        if (failure.name === 'ConditionalCheckFailedException') return false;
        throw new Error(`the tick ${job} ${instant} could not be claimed: ${failureWords(failure)}`, { cause: error });
      }
    },
  };
}
