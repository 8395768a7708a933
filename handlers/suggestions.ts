import { option } from '../blocks/modal.ts';
import { LIMITS } from '../blocks/limits.ts';
import type { VersionListed } from '../src/ports/model-registry.ts';
import type { Reading } from '../src/rollout/observation.ts';
import { notAllowed } from '../src/rollout/gates.ts';
import type { Standing } from '../src/rollout/input.ts';
import { readMetadata } from './form-metadata.ts';
import type { HandlerDeps, Incoming } from './handler-deps.ts';
import { readSuggestion } from './incoming-shortcut.ts';
import { createSteadyLimit } from './steady-limit.ts';

/** Slack waits three seconds for options. Milliseconds. */
const WITHIN_MS = 2_300;
/** A list may be so old while somebody types. Milliseconds. */
const KEPT_MS = 15_000;

/**
 * The model packages that fit what somebody types, newest first, for those who may deploy. Nobody else learns what
 * the registry has, and what is chosen is judged when the form is submitted.
 */
export function createSuggestions(
  deps: Pick<HandlerDeps, 'services' | 'registry' | 'directory' | 'roles' | 'measure' | 'clock' | 'log'>,
) {
  const { clock, log } = deps;
  // Each letter asks, so this is counted apart from commands.
  const limit = createSteadyLimit(clock);
  const lists = new Map<
    string,
    { readonly listed: Promise<Reading<readonly VersionListed[]>>; readonly atMs: number }
  >();

  function versionsOf(service: string): Promise<Reading<readonly VersionListed[]>> {
    const now = clock.elapsedMs();
    const kept = lists.get(service);
    if (kept !== undefined && now - kept.atMs < KEPT_MS) return kept.listed;
    const group = deps.services.find(({ name }) => name === service)?.modelPackageGroup ?? '';
    const listed = deps.registry.versions(group);
    lists.set(service, { listed, atMs: now });
    return listed;
  }

  async function mayDeploy(person: string): Promise<boolean> {
    const seen = await deps.directory.person(person);
    if (seen.kind === 'unknown' || seen.value.problem !== null) return false;
    const standing: Standing = await deps.roles(person);
    return notAllowed('deploy', { kind: 'person', id: person, via: 'slack' }, standing, null) === null;
  }

  async function optionsFor(body: unknown): Promise<readonly object[]> {
    const { person, typed, metadata } = readSuggestion(body);
    if (!limit.take(person)) {
      deps.measure.refused('slow-down');
      return [];
    }
    const { subject: service } = readMetadata(metadata);
    if (!deps.services.some(({ name }) => name === service) || !(await mayDeploy(person))) return [];
    const listed = await versionsOf(service);
    if (listed.kind === 'unknown') {
      lists.delete(service);
      log.warn({ why: listed.why }, 'Model packages could not be listed for somebody who chooses one');
      return [];
    }
    return matching(listed.value, typed).map(versionOption);
  }

  return async ({ body, ack }: Pick<Incoming, 'body' | 'ack'>): Promise<void> => {
    const late = new AbortController();
    let options: readonly object[] = [];
    try {
      const none = clock.sleep(WITHIN_MS, late.signal).then((): readonly object[] => []);
      options = await Promise.race([optionsFor(body), none]);
    } catch (error) {
      log.error({ why: error instanceof Error ? error.name : 'unknown' }, 'A payload of Slack is not as documented');
    }
    late.abort();
    await ack({ options });
  };
}

/** A number means a version, by how it begins; anything else a word of the status or the description. */
function matching(versions: readonly VersionListed[], typed: string): readonly VersionListed[] {
  const wanted = typed.trim().toLowerCase();
  const digits = /^v?(\d+)$/.exec(wanted)?.[1];
  const fits = ({ version, approval, description }: VersionListed) =>
    digits === undefined
      ? `${approval} ${description ?? ''}`.toLowerCase().includes(wanted)
      : String(version).startsWith(digits);
  return versions.filter(fits).slice(0, LIMITS.options);
}

function versionOption({ version, approval, description, createdAt }: VersionListed): object {
  const about = [approval, createdAt?.slice(0, 10), description].filter((each) => each != null && each !== '');
  return option(String(version), `${version} · ${about.join(' · ')}`);
}
