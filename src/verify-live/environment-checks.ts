import type { Settings } from '../rollout/input.ts';
import { known, type Reading } from '../rollout/observation.ts';
import { sealDifferences } from '../rollout/seal.ts';
import type { Stopped } from '../rollout/state.ts';
import { type Check, different, equal, notKnown, ok } from './check.ts';
import type { Running } from './running.ts';
import type { Sight } from './sight.ts';

/** Whether what runs in one environment is what the record says. Pure. */
export function checkEnvironment(settings: Settings, running: Running, sight: Sight): readonly Check[] {
  const { environment, target, moving } = running;
  const about = (name: string) => ({ name, environment });
  if (moving !== null) {
    const check = notKnown(about('endpoint'), 'at rest', `${moving} is changing it`);
    return [{ ...check, todo: 'Verify again once the change is over; `titanic status` shows it.' }];
  }
  if (target === null) return [checkNothing(settings, running, sight)];
  if (running.state.stopped !== null) return checkStopped(settings, running, sight, running.state.stopped);
  const { endpoint } = sight;
  if (endpoint.kind === 'unknown') return [notKnown(about('endpoint'), 'InService', endpoint.why)];
  if (endpoint.value === null) {
    const todo = `Somebody deleted it. \`titanic rollback ${environment} -- it is gone\` creates it again.`;
    return [different(about('endpoint'), 'InService', 'there is none', todo)];
  }
  return [
    equal(about('endpoint'), 'InService', known(endpoint.value.status), 'Look at its FailureReason in SageMaker.'),
    ...checkChain(running, sight, endpoint.value.configName, endpoint.value.images),
    ...checkPackage(settings, running, sight),
    ...checkTags(settings, running, sight),
    ...checkNames(settings, running),
    ...checkWayBack(running, sight),
  ];
}

/** titanic deleted the endpoint itself, and what it comes back with is to be there: nothing of that is a difference. */
function checkStopped(settings: Settings, running: Running, sight: Sight, { at, usedAt }: Stopped): readonly Check[] {
  const { environment, target } = running;
  const about = { name: 'endpoint', environment };
  const expected = `none: stopped at ${at}, because nobody used it since ${usedAt}`;
  const { endpoint } = sight;
  if (endpoint.kind === 'unknown') return [notKnown(about, expected, endpoint.why)];
  if (endpoint.value !== null) {
    const todo = `Somebody created ${settings.endpointNames[environment]} again. Deploy, and titanic takes it over if it carries its tags; or delete it.`;
    return [different(about, expected, `${endpoint.value.status} with ${endpoint.value.configName}`, todo)];
  }
  const config: Reading<string> =
    sight.chain.kind === 'unknown' ? sight.chain : known(sight.chain.value?.configName ?? 'it is gone');
  return [
    ok(about, expected, 'none'),
    equal({ name: 'kept config', environment }, target?.configName ?? 'none', config, GONE_PART),
    ...checkParts(running, sight, GONE_PART),
    ...checkPackage(settings, running, sight),
    ...checkNames(settings, running),
    ...checkWayBack(running, sight),
  ];
}

const GONE_PART = 'Somebody deleted or changed what staging comes back with. Deploy again.';

/** The record knows of nothing there, so nothing should be there; what failed to come up is no difference. */
function checkNothing(settings: Settings, { environment, state }: Running, { endpoint }: Sight): Check {
  const about = { name: 'endpoint', environment };
  const expected = state.known ? 'nothing that ever served' : 'none';
  if (endpoint.kind === 'unknown') return notKnown(about, expected, endpoint.why);
  if (endpoint.value === null) return ok(about, expected, 'none');
  if (state.known) return ok(about, expected, `${endpoint.value.status}, from a deployment that failed`);
  const name = settings.endpointNames[environment];
  const todo = `titanic did not make ${name}. An approver can \`/titanic adopt ${environment} -- reason\`, or somebody deletes it.`;
  return different(about, expected, endpoint.value.status, todo);
}

function checkChain(running: Running, sight: Sight, configName: string, images: readonly string[]): readonly Check[] {
  const { environment, target } = running;
  if (target === null) return [];
  const about = (name: string) => ({ name, environment });
  const outside = `Somebody changed the endpoint outside of titanic. Deploy again, or \`titanic rollback ${environment} -- reason\`.`;
  return [
    equal(about('config'), target.configName, known(configName), outside),
    ...checkParts(running, sight, outside),
    ...(target.imageDigest === null ? [] : [checkImage(about('image'), target.imageDigest, images, outside)]),
  ];
}

/** The model and the package that the config leads to. */
function checkParts({ environment, target }: Running, { chain }: Sight, todo: string): readonly Check[] {
  if (target === null) return [];
  const part = (read: 'modelName' | 'packageArn'): Reading<string> =>
    chain.kind === 'unknown' ? chain : known(chain.value?.[read] ?? 'none');
  return [
    equal({ name: 'model', environment }, target.modelName ?? 'none', part('modelName'), todo),
    equal({ name: 'model package', environment }, target.packageArn ?? 'none', part('packageArn'), todo),
  ];
}

function checkImage(
  about: Pick<Check, 'name' | 'environment'>,
  digest: string,
  images: readonly string[],
  todo: string,
): Check {
  if (images.length === 0) return notKnown(about, digest, 'SageMaker shows no resolved image');
  const found = images.find((image) => image.endsWith(digest));
  return found === undefined ? different(about, digest, images.join(', '), todo) : ok(about, digest);
}

function checkPackage(settings: Settings, running: Running, { modelPackage }: Sight): readonly Check[] {
  const { environment, target, candidate } = running;
  if (target === null || target.packageArn === null) return [];
  const about = (name: string) => ({ name, environment });
  const group = settings.modelPackageGroup.slice(settings.modelPackageGroup.lastIndexOf('/') + 1);
  const expected = `Approved, of the group ${group}`;
  if (modelPackage.kind === 'unknown') return [notKnown(about('registry'), expected, modelPackage.why)];
  if (modelPackage.value === null) {
    const todo = 'Somebody deleted the package. Deploy a version that is in the registry.';
    return [different(about('registry'), expected, 'no such package', todo)];
  }
  const { approval, group: itsGroup } = modelPackage.value;
  const todo = `Deploy a version that is Approved, or \`titanic rollback ${environment} -- reason\`.`;
  const registered = equal(about('registry'), expected, known(`${approval}, of the group ${itsGroup ?? 'none'}`), todo);
  if (candidate === null) return [registered];
  const fields = sealDifferences(candidate, modelPackage.value, candidate.plans);
  const seal =
    fields.length === 0
      ? ok(about('seal'), 'as sealed')
      : different(
          about('seal'),
          'as sealed',
          `other ${fields.join(', ')}`,
          'The package was changed. Deploy it again.',
        );
  return [registered, seal];
}

function checkTags(settings: Settings, { environment }: Running, sight: Sight): readonly Check[] {
  const wanted = settings.tags[environment];
  const words = (tags: Readonly<Record<string, string>>) =>
    Object.keys(wanted)
      .map((key) => `${key}=${tags[key] ?? '(none)'}`)
      .join(', ');
  return sight.tags.map(({ what, tags }) =>
    equal(
      { name: `tags of the ${what}`, environment },
      words(wanted),
      tags.kind === 'unknown' ? tags : known(words(tags.value)),
      'Set the tags again in SageMaker; without them titanic does not know its own.',
    ),
  );
}

function checkNames(settings: Settings, { environment, target, candidate }: Running): readonly Check[] {
  // What was adopted was named by somebody else.
  if (target === null || candidate === null) return [];
  const names = [target.configName, target.modelName ?? target.configName];
  const other = names.filter((name) => !name.startsWith(settings.prefix));
  const about = { name: 'names', environment };
  const expected = `begin with ${settings.prefix}`;
  return other.length === 0
    ? [ok(about, expected, names.join(', '))]
    : [different(about, expected, other.join(', '), 'The prefix in titanic.yml was changed; deploy again.')];
}

/** What a rollback goes to is still there, where there is anything to go back to. */
function checkWayBack({ environment, back }: Running, sight: Sight): readonly Check[] {
  const about = { name: 'rollback target', environment };
  if (back === null) return [ok(about, 'none: nothing ran before', 'none')];
  const expected = `${back.configName} with its model`;
  if (sight.back.kind === 'unknown') return [notKnown(about, expected, sight.back.why)];
  const todo = `A rollback of ${environment} would fail. Roll out a version once more, so that there is one to go back to.`;
  if (sight.back.value === null) return [different(about, expected, 'the config is gone', todo)];
  if (back.packageArn !== null && sight.back.value.packageArn !== back.packageArn) {
    const found = sight.back.value.packageArn ?? 'its model is gone';
    return [different(about, expected, found, todo)];
  }
  return [ok(about, expected)];
}
