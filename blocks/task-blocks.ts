import { cardOf } from '../src/rollout/card.ts';
import type { ServiceState } from '../src/rollout/state.ts';
import type { Task } from '../src/rollout/tasks.ts';
import { askedBy, REQUESTER_UNKNOWN } from './asked-by.ts';
import { actions, type Button, blocksOf, paragraph } from './block.ts';
import { confirmButtons } from './cleanup-card.ts';
import { TARGET_WORDS } from './cleanup-plan.ts';
import { ACTIONS } from './ids.ts';
import { at, bold, type Line, person, text } from './inline.ts';
import { PIECES } from './limits.ts';
import { modelButtons } from './model-card.ts';
import { decisionButtons } from './rollout-choices.ts';

/** What one task may take, so that ten of them leave room for the rest of a Home. Characters. */
const LONGEST = 1_200;

/** One thing that waits for a person: what it is, and the buttons that decide it. Who may is decided at the press. */
export function taskBlocks(state: ServiceState, task: Task): readonly object[] {
  return blocksOf(paragraph(taskLines(state.service, task), LONGEST), actions(taskButtons(state, task)));
}

function taskLines(service: string, task: Task): readonly Line[] {
  switch (task.kind) {
    case 'gate': {
      const { id, candidate, gate, quorum, note } = task.rollout;
      const asked: Line = [text('  asked by '), ...askedBy(task.rollout, REQUESTER_UNKNOWN)];
      return [
        [bold(`${id} `), text(`version ${candidate.version} of ${service} waits to go to prod`)],
        [...asked, text(`; ${gate.approvals.length} of ${quorum} approvals, until `), at(gate.expiresAt)],
        ...(note === null ? [] : [[text('  '), text(note, PIECES.note)]]),
      ];
    }
    case 'model': {
      const { id, version, expiresAt, note } = task.approval;
      return [
        [bold(`${id} `), text(`is model version ${version} of ${service} fit?`)],
        [text('  asked by '), ...askedBy(task.approval, REQUESTER_UNKNOWN), text(', until '), at(expiresAt)],
        ...(note === null ? [] : [[text('  '), text(note, PIECES.note)]]),
      ];
    }
    case 'cleanup': {
      const { id, target, total, by, expiresAt } = task.cleanup;
      return [
        [bold(`${id} `), text(`clean-up of ${service}: ${total} things in SageMaker, ${TARGET_WORDS[target]}`)],
        [text('  asked by '), person(by), text(', until '), at(expiresAt)],
      ];
    }
    case 'review': {
      const { rolloutId, version, by, reason, at: when } = task.review;
      return [
        [bold(`${rolloutId} `), text(`version ${version} of ${service} waits to be signed off`)],
        [text('  the glass was broken by '), person(by), text(', '), at(when), text(': '), text(reason, PIECES.reason)],
      ];
    }
  }
}

function taskButtons(state: ServiceState, task: Task): readonly Button[] {
  switch (task.kind) {
    case 'gate': {
      const card = cardOf(state, task.rollout.id);
      return card?.kind === 'rollout' ? decisionButtons(card) : [];
    }
    case 'model':
      return modelButtons(task.approval.id, task.approval.version);
    case 'cleanup':
      return confirmButtons(task.cleanup);
    case 'review':
      return [{ actionId: ACTIONS.openReview, text: 'Sign off…', value: task.review.rolloutId, style: 'primary' }];
  }
}
