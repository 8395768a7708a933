import type { Rendered } from '../src/ports/channel.ts';
import { ENVIRONMENTS, type Environment } from '../src/rollout/candidate.ts';
import { type ChangeNow, changeNow } from '../src/rollout/change-now.ts';
import { doingOf } from '../src/rollout/decide-cleanup.ts';
import type { DeploymentKind } from '../src/rollout/events.ts';
import type { Freeze } from '../src/rollout/input.ts';
import { runsSince } from '../src/rollout/runs-since.ts';
import type { Cleanup, EnvironmentState, ModelApproval, Rollout, ServiceState } from '../src/rollout/state.ts';
import { askedBy } from './asked-by.ts';
import { blocksOf, header, paragraph } from './block.ts';
import { versionWords } from './candidate-words.ts';
import { alarmsOn } from './guard-lines.ts';
import { holdLines } from './hold-lines.ts';
import { stoppedLine } from './idle-lines.ts';
import { at, bold, code, fallbackText, type Line, person, text } from './inline.ts';
import { firstOf, PIECES } from './limits.ts';
import { reasonLine } from './reason-line.ts';
import { rolloutHeadline } from './rollout-headline.ts';

/** What runs where, what is rolling out, what waits for whom. */
export function status(state: ServiceState, freeze: Freeze | null = null): Rendered {
  const lines = [
    ...ENVIRONMENTS.flatMap((environment) => environmentLines(state, environment)),
    ...freezeLines(freeze),
    ...rolloutLines(state),
    ...waitingLines(state),
    ...reviewLines(state),
    ...state.approvals.flatMap(approvalLines),
    ...(state.cleanup === null ? [] : [cleanupLine(state.cleanup)]),
  ];
  return {
    text: fallbackText([[text(state.service)], ...lines]),
    blocks: blocksOf(header(state.service), paragraph(lines)),
  };
}

function environmentLines(state: ServiceState, environment: Environment): readonly Line[] {
  return [...runningLines(state, environment), ...holdLines(environment, state.environments[environment].holds)];
}

const DELETED: Partial<Record<DeploymentKind, string>> = {
  removal: 'being deleted',
  stop: 'being stopped, because nobody used it',
};

/** What an environment runs, since when, and what is done to it. */
export function runningLines(state: ServiceState, environment: Environment): readonly Line[] {
  const { stack, deployment, intent, rollback, smoke, stopped } = state.environments[environment];
  const runs = stack.at(-1);
  const lines: Line[] = [
    runs === undefined
      ? [bold(`${environment} `), text('runs nothing that titanic deployed')]
      : stopped !== null
        ? stoppedLine(environment, stopped, runs)
        : [bold(`${environment} `), text(`runs ${versionWords(runs)} since `), at(runsSince(state, environment, runs))],
  ];
  if (rollback !== null) {
    const by: Line = rollback.by === null ? [text('titanic')] : [person(rollback.by)];
    lines.push([text(`  going back to ${versionWords(rollback.target)}, by `), ...by]);
  } else if (deployment !== null) {
    const what = DELETED[deployment.kind] ?? `going to ${versionWords(deployment.target)}`;
    lines.push([text(`  ${what} (${deployment.owner})`)]);
  }
  if (deployment?.words != null) lines.push([text('  '), text(deployment.words, PIECES.words)]);
  lines.push(...guardStatus(changeNow(state, environment)));
  if (intent !== null) lines.push([text('  the outcome of a call to SageMaker is not known yet')]);
  if (smoke !== null) lines.push([text('  smoke tests since '), at(smoke.at)]);
  return lines;
}

/** What takes a guarded change back, or stands ready to. */
function guardStatus(doing: ChangeNow | null): readonly Line[] {
  const guard = doing?.guard ?? null;
  if (guard === null) return [];
  const kept: Line =
    guard.keptUntil === null
      ? []
      : [text('  all traffic is on the new version; the old fleet is kept until '), at(guard.keptUntil)];
  const on = alarmsOn(guard.alarms ?? []);
  const lines: Line[] = kept.length === 0 ? [] : [kept];
  if (on.length > 0) lines.push([bold('  Alarm on '), text(on.join(', '), PIECES.words)]);
  if (guard.told) lines.push([text('  SageMaker is told to undo it')]);
  return lines;
}

export function freezeLines(freeze: Freeze | null): readonly Line[] {
  if (freeze === null) return [];
  const until = new Date(freeze.untilMs).toISOString();
  return [
    [
      bold('prod is frozen '),
      text(`by ${freeze.owner}: ${freeze.name}, ${freeze.reason}`, PIECES.reason),
      text(', until '),
      at(until),
    ],
  ];
}

/** What titanic rolls out by itself as soon as nothing is in its way. */
function waitingLines({ autoStage: { waiting } }: ServiceState): readonly Line[] {
  if (waiting === null) return [];
  return [
    [bold(`Version ${waiting.version} `), text('waits to be rolled out to staging by itself, since '), at(waiting.at)],
  ];
}

/** What an approver took to prod alone, until another one has looked at it. */
function reviewLines({ reviews }: ServiceState): readonly Line[] {
  const { shown, more } = firstOf(reviews, PIECES.listed);
  const lines = shown.map(
    ({ rolloutId, by, reason }): Line => [
      bold(`${rolloutId} `),
      text('waits to be signed off: glass broken by '),
      person(by),
      text(': '),
      text(reason, PIECES.reason),
      text('. '),
      code(`/titanic review ${rolloutId} -- note`),
    ],
  );
  return more === 0 ? lines : [...lines, [text(`… +${more}`)]];
}

function rolloutLines({ rollouts, approvals, cleanup, environments }: ServiceState): readonly Line[] {
  if (rollouts.length === 0 && (approvals.length > 0 || cleanup !== null)) return [];
  if (rollouts.length === 0) return [[text('Nothing is rolling out. Start with '), code('/titanic deploy staging')]];
  const { shown, more } = firstOf(rollouts, PIECES.listed);
  const lines = shown.flatMap((rollout) => rolloutLine(environments, rollout));
  return more === 0 ? lines : [...lines, [text(`… +${more}`)]];
}

/** All traffic of prod is on it, and the old fleet is kept behind it. */
function isServing({ id }: Rollout, { deployment }: EnvironmentState): boolean {
  return deployment?.owner === id && deployment.serving !== undefined;
}

/** A rollout that is under way: where it stands, and what it waits for. */
export function rolloutLine({ prod }: ServiceState['environments'], rollout: Rollout): readonly Line[] {
  const serving = isServing(rollout, prod);
  const lines: Line[] = [
    [
      bold(`${rollout.id} `),
      text(`version ${rollout.candidate.version}: ${rolloutHeadline(rollout, serving)}; asked by `),
      ...askedBy(rollout),
    ],
  ];
  if (rollout.status === 'gate') {
    const { approvals, expiresAt } = rollout.gate;
    lines.push([text(`  waits for approvers: ${approvals.length} of ${rollout.quorum}, until `), at(expiresAt)]);
  }
  if ('gate' in rollout && rollout.gate !== null && rollout.gate.notBefore !== null) {
    lines.push([text('  to prod not before '), at(rollout.gate.notBefore)]);
  }
  if (rollout.waiting !== null) lines.push([text('  '), ...reasonLine(rollout.waiting)]);
  return lines;
}

/** A model package that approvers were asked about. */
export function approvalLines({ id, version, requester, verdict, expiresAt }: ModelApproval): readonly Line[] {
  const asked: Line = requester === null ? [] : [text('; asked by '), person(requester)];
  const about: Line = [bold(`${id} `), text(`model version ${version} in the registry`), ...asked];
  if (verdict === null) return [about, [text('  waits for an approver, until '), at(expiresAt)]];
  const what = verdict.approve ? 'approved' : 'rejected';
  return [about, [text(`  ${what} by `), person(verdict.by), text('; the Model Registry is being told')]];
}

export function cleanupLine(cleanup: Cleanup): Line {
  return [
    bold(`${cleanup.id} `),
    text(`clean-up of ${cleanup.target}: ${doingOf(cleanup)}; asked by `),
    person(cleanup.by),
  ];
}
