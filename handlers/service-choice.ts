import { chooseService } from '../blocks/refusal.ts';
import type { Command } from '../src/command-types.ts';
import type { Rendered } from '../src/ports/channel.ts';

export type ServiceChoice =
  | { readonly kind: 'chosen'; readonly service: string }
  | { readonly kind: 'unclear'; readonly answer: Rendered };

/**
 * Which service is meant: the named one, the one whose id was named, or the only one. Never a guess between several:
 * the answer then offers them. `asked` is the command as it would be for each.
 */
export function chooseServiceFor(
  services: readonly string[],
  named: string | undefined,
  subject: string | undefined,
  asked: ((service: string) => Command) | null = null,
): ServiceChoice {
  const wanted = named ?? (subject === undefined ? undefined : (serviceOfId(subject) ?? undefined));
  if (wanted !== undefined) {
    return services.includes(wanted)
      ? { kind: 'chosen', service: wanted }
      : { kind: 'unclear', answer: chooseService(services, wanted, subject === undefined ? asked : null) };
  }
  const [only, ...others] = services;
  if (only !== undefined && others.length === 0) return { kind: 'chosen', service: only };
  return { kind: 'unclear', answer: chooseService(services, null, asked) };
}

/** `survival-42` → `survival`: a service's name may itself hold dashes. null: it is no id. */
export function serviceOfId(id: string): string | null {
  return /^([a-z0-9][a-z0-9-]{0,62})-\d{1,12}$/.exec(id)?.[1] ?? null;
}

/** The entry that an id names: `survival-42` → 42. */
export function seqOfId(id: string): number {
  return Number(id.slice(id.lastIndexOf('-') + 1));
}
