import { known, type Reading } from '../src/rollout/observation.ts';
import type { HandlerDeps } from './handler-deps.ts';

export interface FoundCard {
  readonly service: string;
  readonly id: string;
}

/** What the message at `ts` is the card of, by what the announcer noted, and never by what it says; null: of nothing. */
export async function findCard(
  { services, cards }: Pick<HandlerDeps, 'services' | 'cards'>,
  channel: string,
  ts: string,
): Promise<Reading<FoundCard | null>> {
  const seen = await Promise.all(
    services.map(async ({ name }) => ({ service: name, id: await cards.cardAt(name, channel, ts) })),
  );
  for (const { service, id } of seen)
    if (id.kind === 'known' && id.value !== null) return known({ service, id: id.value });
  const unread = seen.find(({ id }) => id.kind === 'unknown')?.id;
  return unread?.kind === 'unknown' ? unread : known(null);
}
