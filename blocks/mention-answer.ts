import type { Rendered } from '../src/ports/channel.ts';
import { ENVIRONMENTS } from '../src/rollout/candidate.ts';
import type { Rollback, ServiceState } from '../src/rollout/state.ts';
import { askedBy } from './asked-by.ts';
import { blocksOf, paragraph } from './block.ts';
import { versionWords } from './candidate-words.ts';
import { at, bold, code, fallbackText, type Line, text } from './inline.ts';
import { firstOf } from './limits.ts';
import { reasonLine } from './reason-line.ts';
import { rolloutHeadline } from './rollout-headline.ts';
import { approvalLines, cleanupLine, rolloutLine, status } from './status.ts';

const MOST_SERVICES = 20;

function said(lines: readonly Line[]): Rendered {
  return { text: fallbackText(lines), blocks: blocksOf(paragraph(lines)) };
}

/** How the subject of a thread stands, in a few lines; where the record says nothing of it any more, the service. */
export function rolloutStatus(state: ServiceState, id: string): Rendered {
  const live = state.rollouts.find((rollout) => rollout.id === id);
  if (live !== undefined) return said(rolloutLine(state.environments, live));
  const over = state.ended.find((rollout) => rollout.id === id);
  if (over !== undefined) {
    const headline = `version ${over.candidate.version}: ${rolloutHeadline(over)}; asked by `;
    return said([
      [bold(`${id} `), text(headline), ...askedBy(over), text(', ended '), at(over.endedAt)],
      [text('  '), ...reasonLine(over.reason)],
    ]);
  }
  const rollback = rollbackOf(state, id);
  if (rollback !== undefined) return said(rollbackLines(rollback));
  const approval = [...state.approvals, ...state.endedApprovals].find((one) => one.id === id);
  if (approval !== undefined) {
    const { ended } = approval;
    return said(ended === null ? approvalLines(approval) : [[bold(`${id} `), ...reasonLine(ended.reason)]]);
  }
  const cleanup = [state.cleanup, ...state.endedCleanups].find((one) => one?.id === id);
  if (cleanup != null) {
    return said(
      cleanup.ended === null ? [cleanupLine(cleanup)] : [[bold(`${id} `), ...reasonLine(cleanup.ended.reason)]],
    );
  }
  return status(state);
}

function rollbackOf(state: ServiceState, id: string): Rollback | undefined {
  const open = ENVIRONMENTS.map((environment) => state.environments[environment].rollback);
  return [...open.filter((one) => one !== null), ...state.endedRollbacks].find((one) => one.id === id);
}

function rollbackLines({ id, environment, target, ended, at: since }: Rollback): readonly Line[] {
  const about = bold(`${id} `);
  if (ended === null) {
    return [[about, text(`${environment} is going back to ${versionWords(target)} since `), at(since)]];
  }
  const how = ended.reached ? 'is back at' : 'could not go back to';
  const first: Line = [about, text(`${environment} ${how} ${versionWords(target)}, `), at(ended.at)];
  return ended.reached ? [first] : [first, [text('  '), ...reasonLine(ended.reason)]];
}

/** What runs where, a line for each of several services. */
export function severalStatus(states: readonly ServiceState[], unread: number): Rendered {
  const { shown, more } = firstOf(states, MOST_SERVICES);
  const lines = shown.map((state): Line => {
    const runs = ENVIRONMENTS.map((environment) => {
      const top = state.environments[environment].stack.at(-1);
      return `${environment} ${top === undefined ? 'nothing' : versionWords(top)}`;
    });
    const open = state.rollouts.map((rollout) => `${rollout.id} ${rolloutHeadline(rollout)}`);
    const doing = open.length === 0 ? '' : `; ${open.join('; ')}`;
    return [
      bold(`${state.service} `),
      text(`${runs.join(', ')}${doing} `, 600),
      code(`/titanic status --service ${state.service}`),
    ];
  });
  if (more > 0) lines.push([text(`… +${more}`)]);
  if (unread > 0) lines.push([text(`The record of ${unread} cannot be read right now.`)]);
  return said(lines);
}
