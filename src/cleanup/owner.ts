import { ENVIRONMENTS, type Environment } from '../rollout/candidate.ts';
import { configOfAlarm } from '../rollout/strategy.ts';

/** As much of a configured service as its names and tags need. */
export interface OwnedService {
  readonly name: string;
  readonly endpointNames: Readonly<Record<Environment, string>>;
  readonly tags: Readonly<Record<Environment, Readonly<Record<string, string>>>>;
}

/** What makes a thing titanic's: its name begins with the prefix, and it carries every tag. */
export interface Convention {
  readonly services: readonly OwnedService[];
  readonly prefix: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Owner {
  readonly service: string;
  readonly environment: Environment;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Whose name this is; null: of no configured service. Exact, because one service's name may begin with another's. An
 * alarm is of whoever its config is of.
 */
export function ownerOf(services: readonly OwnedService[], prefix: string, whole: string): Owner | null {
  const name = configOfAlarm(whole) ?? whole;
  for (const service of services) {
    for (const environment of ENVIRONMENTS) {
      const begins = `${prefix}${service.name}-${environment}-`;
      const part = name.startsWith(begins) && /^v\d+-r\d+$/.test(name.slice(begins.length));
      if (part || name === service.endpointNames[environment]) {
        return { service: service.name, environment, tags: service.tags[environment] };
      }
    }
  }
  return null;
}

/** The first tag that it lacks, in words; null: it carries all. */
export function missingTag(
  { services, prefix, tags: common }: Convention,
  name: string,
  tags: Readonly<Record<string, string>>,
): string | null {
  const own = ownerOf(services, prefix, name)?.tags ?? {};
  // An environment may have its own value for a common tag.
  const missing = Object.keys(common).find((key) => tags[key] !== (own[key] ?? common[key]));
  return missing === undefined ? null : `it lacks the tag ${missing}=${own[missing] ?? common[missing]}`;
}
