import { answer } from '../blocks/answer.ts';
import { namingService } from '../blocks/naming-service.ts';
import type { Rendered } from '../src/ports/channel.ts';
import type { Request } from '../src/rollout/api.ts';
import type { Actors } from './actor.ts';
import type { HandlerDeps } from './handler-deps.ts';

export interface Asked {
  readonly person: string;
  readonly channel: string | null;
  readonly service: string;
  readonly request: Request;
  readonly key: string;
}

/** Names the actor, asks the core once, and renders its answer: the same for words, presses and forms. */
export type Submit = (asked: Asked) => Promise<Rendered>;

export function createSubmit(deps: Pick<HandlerDeps, 'services' | 'rollouts'> & { readonly actors: Actors }): Submit {
  const naming = namingService(deps.services);
  return async ({ person, channel, service, request, key }) => {
    const standing = await deps.actors.standing(person, channel, request.verb);
    const actor = { kind: 'person', id: person, via: 'slack' } as const;
    return naming(service, answer(await deps.rollouts.submit({ service, request, actor, standing, key })));
  };
}
