import type { Answer, Request, Submission } from './api.ts';
import type { CleanupTarget, Planned } from './cleanup.ts';
import { commit, type ServiceWork } from './commit.ts';
import { decide } from './decide.ts';
import { notAllowed } from './gates.ts';
import type { CoreCommand } from './input.ts';
import { type ModelFacts, modelFacts } from './model-facts.ts';
import { without } from './mutations.ts';
import { type EndpointLook, known, type PackageSeen, type Reading, unknown } from './observation.ts';
import { lookAt } from './observe.ts';
import type { Effects } from './pass.ts';
import type { Past } from './past-break.ts';
import { type Reason, reason } from './reasons.ts';
import { type Sealing, seal } from './seal.ts';

/** A command is decided again this often when others were faster. */
const TRIES_MOST = 12;
const PAUSE_MS = 300;

/** load → gather facts → decide → commit → nudge. Always answers. */
export async function submit(work: ServiceWork, effects: Effects, submission: Submission): Promise<Answer> {
  const { deps, runtime, log } = work;
  let why = 'others were faster each time';
  let mayAppear = false;
  const tried: Answer[] = [];
  for (let attempt = 0; attempt < TRIES_MOST; attempt += 1) {
    try {
      const { state: whole, broken } = await log.load();
      const answers = submission.request.verb === 'acknowledge-break';
      const examined = answers ? await log.examine() : null;
      if (broken?.kind === 'newer' || examined?.past.newer)
        return refused(reason('record-newer', { seq: broken?.seq ?? whole.seq + 1 }));
      if (broken !== null && !answers) return refused(reason('record-broken', { seq: broken.seq, why: broken.why }));
      const state = examined?.state ?? whole;
      const begunAtMs = deps.clock.elapsedMs();
      const command = await gather(work, submission, examined?.past ?? null);
      const { actor, standing, key } = submission;
      const nowMs = deps.clock.nowMs();
      const decision = decide(state, { kind: 'command', command, actor, standing, key }, runtime.settings, nowMs);
      const answer = decision.reason ?? reason('already-recorded');
      const subject = decision.subject ?? null;
      // Behind a break nothing is written but the answer for it.
      if (answers && decision.accepted !== true) return { kind: 'refused', reason: answer, subject };
      // From the second attempt on, a command that stands in the record already is this one, appended after all.
      if (decision.events.length === 0) {
        if (decision.comesAgain === true) return { kind: 'refused', reason: answer, subject };
        const mine = tried.find((t) => t.reason.code === answer.code);
        return mine ?? { kind: attempt === 0 ? 'duplicate' : 'done', reason: answer, subject };
      }
      tried.push({ kind: decision.accepted === true ? 'done' : 'refused', reason: answer, subject });
      const startedAtMs = deps.clock.elapsedMs();
      // What comes again must not be taken for a repetition then.
      const commandKey = decision.comesAgain === true ? null : key;
      const what = { events: decision.events, actor, reason: answer, commandKey, nowMs };
      const fresh = () =>
        outlastsItsReading(command) ||
        deps.clock.elapsedMs() - begunAtMs <= runtime.settings.times.freshMs ||
        without(runtime.settings.mutations, 'old-observation-appended');
      const appended = await commit(work, state, what, fresh);
      if (appended.kind === 'won') {
        for (const effect of decision.effects) effects.start(effect, { intents: appended.intents, startedAtMs });
        work.nudge();
        return { kind: decision.accepted === true ? 'done' : 'refused', reason: answer, subject };
      }
      if (appended.kind === 'stale') why = `what it needs to know takes longer to read than ${seconds(work)} seconds`;
      if (appended.kind === 'too-large') {
        return refused(reason('entry-too-large', { bytes: appended.bytes, most: appended.most }));
      }
      if (appended.kind !== 'not-won') continue;
      why = appended.why;
      mayAppear ||= appended.mayAppear;
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
    }
    await deps.clock.sleep(PAUSE_MS * 2 ** Math.min(attempt, 4));
  }
  return refused(reason(mayAppear ? 'record-unclear' : 'record-unreachable', { why }));
}

/**
 * A whole account takes as long to list as it takes. The plan's digest says what was meant, and right before each
 * deletion it is looked at once more.
 */
function outlastsItsReading({ verb }: CoreCommand): boolean {
  return verb === 'cleanup' || verb === 'confirm-cleanup';
}

function seconds({ runtime }: ServiceWork): number {
  return Math.round(runtime.settings.times.freshMs / 1_000);
}

function refused(why: Reason): Answer {
  return { kind: 'refused', reason: why, subject: null };
}

/** Reads what this command's decision needs: nothing for most. What cannot be read is unknown, and decided as such. */
async function gather(work: ServiceWork, submission: Submission, past: Past | null): Promise<CoreCommand> {
  const { request, actor, standing } = submission;
  // Whoever may not ask causes no reads.
  const may = notAllowed(request.verb, actor, standing, null) === null;
  switch (request.verb) {
    case 'deploy': {
      const [choice, staging] = may
        ? await Promise.all([choose(work, request.model), look(work, 'staging')])
        : [
            { kind: 'problem', reason: reason('registry-unreadable', { why: 'not asked' }) } as const,
            unknown('not asked'),
          ];
      const { unchecked = false } = request;
      const requestedBy = request.requestedBy === undefined ? {} : { requestedBy: request.requestedBy, unchecked };
      const githubUser = request.githubUser === undefined ? {} : { githubUser: request.githubUser };
      const beside = choice.kind === 'problem' ? null : await factsOfProd(work);
      const automatic = request.automatic === undefined ? {} : { automatic: request.automatic };
      return {
        verb: 'deploy',
        note: request.note,
        choice,
        staging,
        beside,
        ...requestedBy,
        ...githubUser,
        ...automatic,
      };
    }
    case 'recreate':
      return { verb: 'recreate', look: may ? await look(work, 'prod') : unknown('not asked') };
    case 'smoke':
    case 'adopt':
      return { ...request, look: may ? await look(work, request.environment) : unknown('not asked') };
    case 'acknowledge-break':
      return { ...request, breaks: past?.breaks ?? [] };
    case 'approve-model':
    case 'reject-model':
      return { ...request, found: may ? await packageOf(work, request) : unknown('not asked') };
    case 'leave-rejected':
      return request;
    case 'cleanup':
      return { ...request, plan: may ? await plan(work, request.target) : unknown('not asked') };
    case 'confirm-cleanup': {
      const target = work.log.state().cleanup?.target;
      const readable = may && target !== undefined;
      return { ...request, plan: readable ? await plan(work, target) : unknown('not asked') };
    }
    case 'stop-cleanup':
    case 'promote':
    case 'withdraw':
    case 'review':
    case 'reject':
    case 'cancel':
    case 'rollback':
    case 'snooze':
    case 'lock':
    case 'unlock':
    case 'smoke-again':
    case 'give-up':
      return request;
    default: {
      const never: never = request;
      throw new Error(`Unknown request ${JSON.stringify(never)}`);
    }
  }
}

function look(work: ServiceWork, environment: 'staging' | 'prod'): Promise<Reading<EndpointLook>> {
  return lookAt(work.deps, work.runtime, environment, { chain: true, tags: true, targetConfig: null });
}

/** The package that was asked about, or the version that was named. */
async function packageOf(
  work: ServiceWork,
  { approvalId, version }: { readonly approvalId: string | null; readonly version: number | null },
): Promise<Reading<PackageSeen | null>> {
  const { registry } = work.deps;
  const asked = work.log.state().approvals.find((a) => a.id === approvalId);
  if (asked !== undefined) return registry.byArn(asked.packageArn);
  return version === null ? known(null) : registry.byVersion(work.runtime.settings.modelPackageGroup, version);
}

/** What prod runs, to be compared with; what cannot be read is just not shown. */
async function factsOfProd(work: ServiceWork): Promise<ModelFacts | null> {
  const arn = work.log.state().environments.prod.stack.at(-1)?.packageArn ?? null;
  if (arn === null) return null;
  const found = await work.deps.registry.byArn(arn);
  return found.kind === 'unknown' || found.value === null ? null : modelFacts(found.value);
}

function plan(work: ServiceWork, target: CleanupTarget): Promise<Reading<Planned>> {
  return work.deps.cleaner.plan(work.log.state(), target);
}

/** The package that is asked for, sealed; nothing outside the configured group is ever looked at. */
async function choose(work: ServiceWork, model: Extract<Request, { verb: 'deploy' }>['model']): Promise<Sealing> {
  const { registry } = work.deps;
  const { modelPackageGroup } = work.runtime.settings;
  const group = modelPackageGroup.slice(modelPackageGroup.lastIndexOf('/') + 1);
  const problem = (why: Reason): Sealing => ({ kind: 'problem', reason: why });
  const found =
    model === null
      ? await registry.newestApproved(modelPackageGroup)
      : 'version' in model
        ? await registry.byVersion(modelPackageGroup, model.version)
        : await registry.byArn(model.arn);
  if (found.kind === 'unknown') return problem(reason('registry-unreadable', { why: found.why }));
  if (found.value === null) {
    if (model === null) return problem(reason('no-approved-package', { group }));
    const version = 'version' in model ? model.version : model.arn;
    return problem(reason('package-not-found', { version, group }));
  }
  const { arn, group: itsGroup } = found.value;
  if (itsGroup === null) return problem(reason('package-unversioned', { package: arn }));
  if (itsGroup !== group) return problem(reason('package-of-other-group', { package: arn, group }));
  return seal(found.value, work.runtime.plans);
}
