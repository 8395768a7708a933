import { cleanupPlan } from '../blocks/cleanup-plan.ts';
import { cost } from '../blocks/cost.ts';
import { evidenceTable } from '../blocks/evidence-table.ts';
import { help } from '../blocks/help.ts';
import { history } from '../blocks/history.ts';
import { code, text } from '../blocks/inline.ts';
import { menu } from '../blocks/menu.ts';
import { models } from '../blocks/models.ts';
import { namingService } from '../blocks/naming-service.ts';
import { notice, refusal } from '../blocks/refusal.ts';
import { recommendation } from '../blocks/recommendation.ts';
import { status } from '../blocks/status.ts';
import { verification } from '../blocks/verification.ts';
import { usageLines } from '../src/command.ts';
import type { Rendered } from '../src/ports/channel.ts';
import type { CleanupTarget } from '../src/rollout/cleanup.ts';
import { isAbout } from '../src/rollout/entry-about.ts';
import { notAllowed } from '../src/rollout/gates.ts';
import { reason } from '../src/rollout/reasons.ts';
import type { ServiceState } from '../src/rollout/state.ts';
import type { Actors } from './actor.ts';
import type { Question } from './core-request.ts';
import { withEvidenceFile } from './evidence-file.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { chooseServiceFor, seqOfId } from './service-choice.ts';

/** How many packages `models` shows. */
const MOST_MODELS = 20;
/** How far behind its first entry a rollout's last one is looked for. */
const MOST_ENTRIES = 2_000;

type Asked = Exclude<Question, { verb: 'help' | 'menu' | 'cost' }>;

/** Answers what is only asked. Every full member may ask. */
export function createQueries(
  deps: Pick<
    HandlerDeps,
    | 'services'
    | 'rollouts'
    | 'registry'
    | 'verify'
    | 'costs'
    | 'recommend'
    | 'cleaner'
    | 'cards'
    | 'evidence'
    | 'files'
    | 'frozen'
    | 'clock'
    | 'roles'
  > & { readonly actors: Actors },
) {
  const { rollouts, registry, actors } = deps;
  const names = deps.services.map(({ name }) => name);
  const naming = namingService(deps.services);

  async function withState(service: string, show: (state: ServiceState) => Rendered): Promise<Rendered> {
    const state = await rollouts.state(service);
    if (state.kind === 'unknown') return unreadable(state.why);
    return show(state.value);
  }

  async function evidence(service: string, rollout: string): Promise<Rendered> {
    const from = seqOfId(rollout);
    const entries = await rollouts.entries(service, from, from + MOST_ENTRIES);
    if (entries.kind === 'unknown') return unreadable(entries.why);
    const mine = entries.value.filter((entry) => isAbout(entry, rollout));
    if (mine.length === 0) return notFound(rollout);
    return withEvidenceFile(deps, service, rollout, evidenceTable(rollout, mine));
  }

  async function modelsOf(service: string): Promise<Rendered> {
    const group = deps.services.find(({ name }) => name === service)?.modelPackageGroup ?? '';
    const [packages, state] = await Promise.all([registry.list(group, MOST_MODELS), rollouts.state(service)]);
    if (packages.kind === 'unknown') return refusal(reason('registry-unreadable', { why: packages.why }));
    return models(service, packages.value, state.kind === 'known' ? state.value : null);
  }

  /** Reading everything of an account costs many calls, so only those who may clean up are shown the plan. */
  async function plan(service: string, target: CleanupTarget, person: string, channel: string | null) {
    const standing = await actors.standing(person, channel, 'cleanup');
    const refused = notAllowed('cleanup', { kind: 'person', id: person, via: 'slack' }, standing, null);
    if (refused !== null) return refusal(refused);
    const state = await rollouts.state(service);
    if (state.kind === 'unknown') return unreadable(state.why);
    return cleanupPlan(service, target, await deps.cleaner.plan(state.value, target));
  }

  function about(service: string, question: Asked, person: string, channel: string | null): Promise<Rendered> {
    switch (question.verb) {
      case 'status':
        return withState(service, (state) => status(state, deps.frozen(service)));
      case 'history':
        return withState(service, (state) => history(state, question.count));
      case 'evidence':
        return evidence(service, question.rollout);
      case 'models':
        return modelsOf(service);
      case 'verify':
        return deps.verify(service).then((checks) => verification(service, checks));
      case 'recommend':
        return deps.recommend(service).then((advice) => recommendation(advice));
      case 'cleanup':
        return plan(service, question.target, person, channel);
      default: {
        const never: never = question;
        return never;
      }
    }
  }

  async function menuOf(person: string): Promise<Rendered> {
    const [standing, ...read] = await Promise.all([deps.roles(person), ...names.map((name) => rollouts.state(name))]);
    const states = read.flatMap((state) => (state.kind === 'known' ? [state.value] : []));
    return menu({ person, standing, services: names, states, nowMs: deps.clock.nowMs() });
  }

  return {
    async answer(question: Question, person: string, channel: string | null): Promise<Rendered> {
      if (question.verb === 'help') return help(usageLines(question.topic));
      const refused = await actors.mayAsk(person, channel);
      if (refused !== null) return refusal(refused);
      if (question.verb === 'menu') return menuOf(person);
      // The sum of all is what people want to know, so no service has to be named.
      if (question.verb === 'cost' && question.service === undefined) return cost(await deps.costs.report(names));
      const subject = question.verb === 'evidence' ? question.rollout : undefined;
      const choice = chooseServiceFor(names, question.service, subject, (service) => ({ ...question, service }));
      if (choice.kind === 'unclear') return choice.answer;
      if (question.verb === 'cost') return cost(await deps.costs.report([choice.service]));
      return naming(choice.service, await about(choice.service, question, person, channel));
    },
  };
}

export type Queries = ReturnType<typeof createQueries>;

function notFound(id: string): Rendered {
  const words = text(
    `Nothing in the record has the id ${id}. Each card ends with its id; the last ones are listed by `,
  );
  return notice([words, code('/titanic history')]);
}

function unreadable(why: string): Rendered {
  return notice([text('The record cannot be read right now: '), text(why, 200)]);
}
