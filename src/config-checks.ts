import { workingHoursFaults } from './config-policy.ts';
import type {
  FileEnvironment,
  FileExpectation,
  FileGithub,
  FilePeople,
  FileService,
  FileSlack,
} from './config-schema.ts';
import type { Expectation, Json, JsonObject } from './config-types.ts';
import { compileExpectation } from './smoke/expect.ts';

/** A rule that is broken: where in `titanic.yml`, and what is wrong, with what to do. */
export type RuleFault = { readonly path: string; readonly message: string };

/** SageMaker allows 50 tags; titanic adds its own. */
const MOST_TAGS = 45;
const LONGEST_NAME = 63;
/** Names of models and endpoint configs add `-v`, a version of up to 6 digits, `-r` and a rollout of up to 10. */
const NAME_ROOM = '-v123456-r1234567890'.length;
/** A smoke run is a claim that others wait for; nobody should wait longer than this. */
const LONGEST_RUN_SECONDS = 1800;

/** What SageMaker's own describes may lag, at the least that is safe to believe. Seconds. */
const LEAST_LAG_SECONDS = 5;

/** Waits rest on how old a describe may be; only a SageMaker of this machine is known to be quicker. */
export function checkDescribeLag(seconds: number, sageMakerHere: boolean): readonly RuleFault[] {
  if (seconds >= LEAST_LAG_SECONDS || sageMakerHere) return [];
  const message = `is ${seconds}, and AWS may answer with what was ${LEAST_LAG_SECONDS} seconds ago and more; set it to ${LEAST_LAG_SECONDS} or more, or leave it out`;
  return [{ path: 'aws.describeLagSeconds', message }];
}

export function checkSlack(slack: FileSlack): readonly RuleFault[] {
  const { approvers, operators } = slack;
  const faults = checkPeople('slack.approvers', approvers);
  if (operators !== undefined) faults.push(...checkPeople('slack.operators', operators));
  if (approvers.mandatory !== undefined) faults.push(...checkPeople('slack.approvers.mandatory', approvers.mandatory));
  const { workingHours } = approvers.reminders ?? {};
  const hours = workingHours === undefined ? [] : workingHoursFaults(workingHours);
  for (const { key, message } of hours) faults.push({ path: `slack.approvers.reminders.workingHours.${key}`, message });
  if (approvers.users !== undefined && approvers.users.length < approvers.quorum) {
    const message = `asks for ${approvers.quorum} people, but only ${approvers.users.length} can approve; name more users or lower it`;
    faults.push({ path: 'slack.approvers.quorum', message });
  }
  return faults;
}

/** GitHub does not tell upper from lower case in a login. */
export function checkGithub({ users }: FileGithub): readonly RuleFault[] {
  const logins = Object.keys(users);
  const twice = logins.filter((login, at) => logins.findIndex((l) => l.toLowerCase() === login.toLowerCase()) !== at);
  return twice.map((login) => ({
    path: `github.users.${login}`,
    message: 'is there already in other letters, which is the same login for GitHub; name it once',
  }));
}

function checkPeople(path: string, people: FilePeople): RuleFault[] {
  const faults: RuleFault[] = [];
  if ((people.usergroup === undefined) === (people.users === undefined)) {
    faults.push({ path, message: 'needs either usergroup or users, and only one of them' });
  }
  if (new Set(people.users).size !== (people.users?.length ?? 0)) {
    faults.push({ path: `${path}.users`, message: 'names somebody twice; everyone counts once, so name them once' });
  }
  return faults;
}

/** As much of a service as its names need. */
export type NamedService = {
  readonly path: string;
  readonly name: string;
  readonly endpointNames: { readonly staging: string | undefined; readonly prod: string | undefined };
};

/** What only shows between services: each has its own name, and every endpoint belongs to one of them. */
export function checkServices(services: readonly NamedService[], prefix: string): readonly RuleFault[] {
  const faults: RuleFault[] = [];
  const owners = new Map<string, string>();
  const names = new Set<string>();
  for (const { path, name, endpointNames } of services) {
    if (names.has(name)) {
      faults.push({ path: `${path}.name`, message: 'is taken by an earlier service; give each its own' });
      continue;
    }
    names.add(name);
    for (const environment of ['staging', 'prod'] as const) {
      // SageMaker does not tell upper from lower case when it creates an endpoint.
      const endpoint = (endpointNames[environment] ?? `${prefix}${name}-${environment}`).toLowerCase();
      const here = `${path}.${environment}`;
      const owner = owners.get(endpoint);
      if (owner === undefined) owners.set(endpoint, here);
      else faults.push({ path: here, message: `has the same endpoint as ${owner}; set another endpointName` });
    }
  }
  return faults;
}

/** A freeze of a service that is not configured would hold up nothing, and nobody would know. */
export function checkFreezes(
  freezes: readonly { readonly services?: readonly string[] | undefined }[],
  services: readonly string[],
): readonly RuleFault[] {
  return freezes.flatMap(({ services: only = [] }, index) =>
    only
      .filter((name) => !services.includes(name))
      .map((name) => ({
        path: `freezes[${index}].services`,
        message: `names ${name}, which is no service here; known are ${services.join(', ')}`,
      })),
  );
}

/** By itself when? */
export function checkAutoStage(path: string, autoStage: FileService['autoStage']): readonly RuleFault[] {
  if (autoStage === undefined || autoStage.approvedPackages || autoStage.schedule !== undefined) return [];
  return [{ path, message: 'does nothing: give it approvedPackages: true or a schedule, or leave it out' }];
}

/** Leaves room for what is added to the names of models and endpoint configs. */
export function checkNames(path: string, name: string, prefix: string): readonly RuleFault[] {
  const base = `${prefix}${name}-staging`;
  const tooMany = base.length + NAME_ROOM - LONGEST_NAME;
  if (tooMany <= 0) return [];
  const message = `makes names longer than SageMaker's ${LONGEST_NAME} characters (${base} and ${NAME_ROOM} for version and rollout); shorten it or the prefix by ${tooMany}`;
  return [{ path: `${path}.name`, message }];
}

export function checkEnvironment(
  path: string,
  environment: FileEnvironment,
  commonTags: Readonly<Record<string, string>>,
): readonly RuleFault[] {
  const faults: RuleFault[] = [];
  const fault = (message: string, key = '') => faults.push({ path: `${path}${key}`, message });
  const { instanceType, instanceCount, serverless } = environment;
  if (serverless === undefined) {
    if (instanceType === undefined && instanceCount === undefined) {
      fault('needs instanceType and instanceCount, or serverless in place of them');
    } else if (instanceType === undefined) fault('has instanceCount but no instanceType; give both');
    else if (instanceCount === undefined) fault('has instanceType but no instanceCount; give both');
  } else {
    if (instanceType !== undefined || instanceCount !== undefined) {
      fault('has serverless and instances; keep one of them');
    }
    if (environment.vpc !== undefined) fault('cannot stand with serverless, which has no VPC; remove it', '.vpc');
    if (environment.networkIsolation) {
      fault('cannot stand with serverless, which has no network isolation; remove it', '.networkIsolation');
    }
  }
  const count = Object.keys({ ...commonTags, ...environment.tags }).length;
  if (count > MOST_TAGS)
    fault(`has ${count} tags with the common ones; at most ${MOST_TAGS} leave room for titanic's own`, '.tags');
  return faults;
}

export function checkSmoke(path: string, smoke: FileService['smoke']): readonly RuleFault[] {
  const faults: RuleFault[] = [];
  if (smoke.timeoutMs <= smoke.maxP95Ms) {
    const message = `(${smoke.timeoutMs}) must be longer than maxP95Ms (${smoke.maxP95Ms}), or no request could be seen to be slower; raise it`;
    faults.push({ path: `${path}.timeoutMs`, message });
  }
  const measured = (smoke.requests + smoke.warmUpRequests) * (smoke.compareWithProd ? 2 : 1);
  const seconds = Math.ceil(measured / smoke.ratePerSecond);
  if (seconds > LONGEST_RUN_SECONDS) {
    const message = `makes a run of ${seconds} seconds; at most ${LONGEST_RUN_SECONDS}: raise ratePerSecond or lower requests`;
    faults.push({ path: `${path}.requests`, message });
  }
  return faults;
}

export function checkCases(path: string, cases: FileService['smoke']['cases']): readonly RuleFault[] {
  const faults: RuleFault[] = [];
  const names = new Set<string>();
  for (const [index, { name, expect }] of cases.entries()) {
    const place = `${path}[${index}]`;
    if (names.has(name))
      faults.push({ path: `${place}.name`, message: 'is taken by an earlier case; give each its own' });
    names.add(name);
    faults.push(...checkExpectation(`${place}.expect`, expect));
  }
  return faults;
}

function checkExpectation(path: string, written: FileExpectation): readonly RuleFault[] {
  const expectation = expectationOf(written);
  if (expectation === undefined) {
    return [{ path, message: 'needs one of match, equals, schema and between, and only one of them' }];
  }
  if (expectation.kind === 'between') {
    const { min, max } = expectation;
    if (min === undefined && max === undefined) return [{ path: `${path}.between`, message: 'needs min, max or both' }];
    if (min !== undefined && max !== undefined && min > max) {
      return [{ path: `${path}.between`, message: 'has a min above its max; swap them' }];
    }
  }
  const compiled = compileExpectation(expectation);
  if (compiled.ok) return [];
  return [{ path: `${path}.${expectation.kind}`, message: `cannot be used, mend it: ${compiled.fault}` }];
}

/** The one kind of expectation that was given, or `undefined` where none was, or several. */
export function expectationOf(written: FileExpectation): Expectation | undefined {
  const { match, equals, schema, between } = written;
  const given: Expectation[] = [];
  if (match !== undefined) given.push({ kind: 'match', pattern: match });
  if (equals !== undefined) given.push({ kind: 'equals', value: equals as Json });
  if (schema !== undefined) given.push({ kind: 'schema', schema: schema as JsonObject });
  if (between !== undefined) {
    const { min, max, path } = between;
    given.push({
      kind: 'between',
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      ...(path === undefined ? {} : { path }),
    });
  }
  return given.length === 1 ? given[0] : undefined;
}
