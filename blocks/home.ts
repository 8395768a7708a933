import type { VerificationSeen } from '../src/ports/verification-store.ts';
import { ENVIRONMENTS, type Environment } from '../src/rollout/candidate.ts';
import { activeHolds } from '../src/rollout/gates.ts';
import type { Freeze, Standing } from '../src/rollout/input.ts';
import type { Reading } from '../src/rollout/observation.ts';
import type { Rollout, ServiceState } from '../src/rollout/state.ts';
import { tasksOf } from '../src/rollout/tasks.ts';
import { askedBy } from './asked-by.ts';
import { actions, blocksOf, context, divider, header, paragraph } from './block.ts';
import { versionWords } from './candidate-words.ts';
import { homeCostLine, type SeenCost } from './cost.ts';
import { doingButtons, type Roles } from './doing-buttons.ts';
import { healthLine } from './health-line.ts';
import { holdLines } from './hold-lines.ts';
import { at, bold, code, type Line, text } from './inline.ts';
import { firstOf, LIMITS } from './limits.ts';
import { namingService } from './naming-service.ts';
import { reasonLine } from './reason-line.ts';
import { rolloutHeadline } from './rollout-headline.ts';
import { cleanupLine, freezeLines, rolloutLine, runningLines } from './status.ts';
import { taskBlocks } from './task-blocks.ts';

/** Slack takes 100 blocks and 250 kB: so much of each is shown, the rest is counted. */
const MOST_TASKS = 10;
const MOST_SERVICES = 15;
const MOST_RUNNING = 10;
const MOST_ENDED = 5;
/** Characters of one paragraph. */
const SERVICE_TEXT = 2_000;
const LIST_TEXT = 4_000;

/** One service as a Home shows it. */
export interface HomeService {
  readonly service: string;
  readonly state: Reading<ServiceState>;
  readonly freeze: Freeze | null;
  /** null: never verified. */
  readonly verified: Reading<VerificationSeen | null>;
  /** What it costs as seen last; null: nobody looked yet. */
  readonly cost: SeenCost | null;
}

export interface HomeOf {
  readonly person: string;
  readonly standing: Standing;
  readonly services: readonly HomeService[];
  /** Milliseconds since 1970: what has expired by then waits for nobody. */
  readonly nowMs: number;
}

/** A Home tab as Slack takes it. */
export interface HomeView {
  readonly type: 'home';
  readonly blocks: readonly object[];
}

/** The Home of one person: what waits for them, what runs where, and what they may begin. */
export function home(of: HomeOf): HomeView {
  const { standing } = of;
  if (standing.kind === 'refused') {
    const lines = [reasonLine(standing.reason), [text('Ask a full member for what is to be known or done.')]];
    return view([header('titanic'), paragraph(lines)]);
  }
  const known = of.services.flatMap(({ state }) => (state.kind === 'known' ? [state.value] : []));
  const { shown, more } = firstOf(of.services, MOST_SERVICES);
  return view([
    paragraph([whatYouMay(standing)]),
    ...waiting(of, known),
    ...underWay(known),
    ...shown.flatMap((one) => serviceBlocks(of, one)),
    ...(more === 0 ? [] : otherServices(of.services.slice(MOST_SERVICES))),
    ...lastOnes(known),
  ]);
}

function view(blocks: readonly (object | null)[]): HomeView {
  return { type: 'home', blocks: blocksOf(...blocks).slice(0, LIMITS.blocksPerView) };
}

/** What follows is about something else. */
function section(title: string): readonly object[] {
  return [divider(), header(title)];
}

/** Nobody but who is in a group for certain is offered a button. */
function rolesOf(standing: Standing): Roles {
  if (standing.kind !== 'member' || standing.lastKnown) return { approver: false, operator: false };
  return standing;
}

function whatYouMay(standing: Standing): Line {
  if (standing.kind === 'unreadable') {
    const words = `Slack could not say who is in the groups (${standing.why}), so there are no buttons here. `;
    return [text(words), text('What is typed is decided as always: '), code('/titanic help'), text('.')];
  }
  const { approver, operator } = rolesOf(standing);
  if (approver && operator) {
    return [
      text('You are an operator and an approver: you may deploy, lock and roll back, and decide what goes to prod.'),
    ];
  }
  if (operator) return [text('You are an operator: you may deploy to staging, lock and roll back.')];
  if (approver) return [text('You are an approver: you decide what goes to prod, and may roll back.')];
  return [
    text('You may look, and ask with '),
    code('/titanic status'),
    text(' or '),
    code('/titanic history'),
    text('. Operators deploy, approvers decide what goes to prod.'),
  ];
}

function waiting({ person, standing, nowMs }: HomeOf, states: readonly ServiceState[]): readonly (object | null)[] {
  if (!rolesOf(standing).approver) return [];
  const tasks = states.flatMap((state) => tasksOf(state, person, nowMs).map((task) => ({ state, task })));
  const { shown, more } = firstOf(tasks, MOST_TASKS);
  return [
    ...section('Waits for you'),
    ...(tasks.length === 0 ? [paragraph([[text('Nothing.')]])] : []),
    ...shown.flatMap(({ state, task }) => taskBlocks(state, task)),
    ...(more === 0 ? [] : [context(`… +${more}`)]),
  ];
}

function underWay(states: readonly ServiceState[]): readonly (object | null)[] {
  const rollouts = states.flatMap(({ environments, rollouts }) =>
    rollouts.map((rollout) => ({ environments, rollout })),
  );
  const { shown, more } = firstOf(rollouts, MOST_RUNNING);
  const lines = [
    ...shown.flatMap(({ environments, rollout }) => rolloutLine(environments, rollout)),
    ...states.flatMap(({ cleanup }) => (cleanup === null ? [] : [cleanupLine(cleanup)])),
    ...(more === 0 ? [] : [[text(`… +${more}`)]]),
  ];
  return [...section('Under way'), paragraph(lines.length === 0 ? [[text('Nothing.')]] : lines, LIST_TEXT)];
}

function serviceBlocks(of: HomeOf, one: HomeService): readonly (object | null)[] {
  const { service, state } = one;
  const buttons = actions(doingButtons(service, rolesOf(of.standing)));
  if (state.kind === 'unknown') {
    return [
      ...section(service),
      paragraph([[text('The record cannot be read right now: '), text(state.why, 200)]]),
      buttons,
    ];
  }
  const lines = [
    ...ENVIRONMENTS.flatMap((environment) => environmentLines(state.value, environment, one, of.nowMs)),
    ...freezeLines(one.freeze),
  ];
  const naming = namingService(of.services);
  const shown = naming(service, { text: '', blocks: blocksOf(paragraph(lines, SERVICE_TEXT)) });
  return [...section(service), ...shown.blocks, buttons];
}

function environmentLines(
  state: ServiceState,
  environment: Environment,
  { verified, cost }: HomeService,
  nowMs: number,
): readonly Line[] {
  const health = healthLine(state, environment, verified);
  const costs = homeCostLine(cost, environment);
  return [
    ...runningLines(state, environment),
    ...(costs === null ? [] : [costs]),
    ...(health === null ? [] : [health]),
    ...holdLines(environment, activeHolds(state, environment, nowMs)),
  ];
}

/** Services beyond those that fit, a line each. */
function otherServices(services: readonly HomeService[]): readonly (object | null)[] {
  const lines = services.map(({ service, state }): Line => {
    if (state.kind === 'unknown') return [bold(`${service} `), text('its record cannot be read right now')];
    const runs = ENVIRONMENTS.map((environment) => {
      const top = state.value.environments[environment].stack.at(-1);
      return `${environment} ${top === undefined ? 'nothing' : versionWords(top)}`;
    });
    return [bold(`${service} `), text(`${runs.join(', ')} `), code(`/titanic status --service ${service}`)];
  });
  return [...section('Other services'), paragraph(lines, LIST_TEXT)];
}

function lastOnes(states: readonly ServiceState[]): readonly (object | null)[] {
  const ended = states
    .flatMap((state) => state.ended)
    .sort((a, b) => (a.endedAt < b.endedAt ? 1 : -1))
    .slice(0, MOST_ENDED);
  const lines = ended.map(
    (rollout): Line => [
      bold(`${rollout.id} `),
      text(`version ${rollout.candidate.version}: ${rolloutHeadline(rollout)}, `),
      at(rollout.endedAt),
      text('; asked by '),
      ...askedBy(rollout satisfies Rollout),
    ],
  );
  return [...section('Last rollouts'), paragraph(lines.length === 0 ? [[text('None yet.')]] : lines, LIST_TEXT)];
}
