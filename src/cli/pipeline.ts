import type { Answer, Request } from '../rollout/api.ts';
import type { Actor } from '../rollout/events.ts';
import type { Standing } from '../rollout/input.ts';
import type { Composed } from './compose-cli.ts';
import { Unavailable } from './context.ts';

/**
 * What a pipeline may do: deploy to staging, roll back, smoke, lock; it never approves. Who may be a pipeline is decided
 * by IAM, which lets somebody write the table or not, and not here.
 */
const PIPELINE: Standing = { kind: 'member', approver: false, operator: true, lastKnown: false };

/** Asks the core as whoever AWS says that these credentials are. */
export async function submitAsPipeline(composed: Composed, service: string, request: Request): Promise<Answer> {
  const actor = await pipelineActor(composed);
  const key = `cli:${composed.ids.random()}`;
  return composed.engine.submit({ service, request, actor, standing: PIPELINE, key });
}

async function pipelineActor(composed: Composed): Promise<Actor> {
  const identity = await composed.identity();
  if (identity.kind === 'known') return { kind: 'pipeline', id: identity.value, via: 'cli' };
  throw new Unavailable(
    `AWS does not say who you are (${identity.why}), so nothing was done. Check the credentials; titanic doctor helps.`,
  );
}
