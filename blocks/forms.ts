import type { Environment } from '../src/rollout/candidate.ts';
import { paragraph } from './block.ts';
import { INPUTS, VIEWS } from './ids.ts';
import { code, type Line, text } from './inline.ts';
import { PIECES } from './limits.ts';
import { choiceInput, form, type Modal, textInput, searchInput } from './modal.ts';

const KEPT = 'It is shown in the channel and kept in the record.';
const BOTH: readonly Environment[] = ['prod', 'staging'];

function saying(...lines: readonly Line[]): readonly object[] {
  const block = paragraph(lines);
  return block === null ? [] : [block];
}

function environmentInput(environments: readonly Environment[]): object {
  const choices = environments.map((each) => ({ value: each, words: each }));
  return choiceInput({ id: INPUTS.environment, label: 'Environment', choices });
}

/** Which package goes to staging, and why. */
export function deployModal(service: string, metadata: string): Modal {
  const blocks = [
    ...saying([text(`Starts a rollout of ${service}: staging, smoke tests, then the gate before prod.`)]),
    searchInput({
      id: INPUTS.model,
      label: 'Model package',
      placeholder: 'The newest approved one',
      hint: 'Type a version, a status or a word of the description.',
      optional: true,
    }),
    textInput({
      id: INPUTS.reason,
      label: 'Note',
      hint: 'Approvers read it on the card.',
      longest: PIECES.note,
      multiline: true,
      optional: true,
    }),
  ];
  return form({ view: VIEWS.deploy, title: 'Deploy to staging', submit: 'Deploy', metadata, blocks });
}

/** Back to what ran before, or to a version. Opened without a look at the record: nothing may delay it. */
export function rollbackModal(service: string, metadata: string): Modal {
  const blocks = [
    ...saying([
      text(`Takes ${service} back at once, without a second approval. prod is then held until somebody releases it.`),
    ]),
    environmentInput(BOTH),
    textInput({
      id: INPUTS.version,
      label: 'To version',
      hint: 'Empty: the last deployment before that succeeded.',
      longest: 12,
      optional: true,
    }),
    textInput({
      id: INPUTS.reason,
      label: 'Reason',
      hint: KEPT,
      longest: PIECES.reason,
      multiline: true,
      optional: true,
    }),
  ];
  return form({ view: VIEWS.rollback, title: 'Roll back', submit: 'Roll back', metadata, blocks });
}

/** What a message is about, and where leaving it would lead. */
export interface Leaving {
  readonly id: string;
  /** A rollback's message is about one step further back. */
  readonly kind: 'rollout' | 'rollback';
  readonly environments: readonly {
    readonly environment: Environment;
    readonly from: string;
    /** null: there is nothing earlier, so the change that is under way is only stopped. */
    readonly to: string | null;
  }[];
}

/** Asks whether what a message is about is to be rolled back, and why. */
export function leaveModal({ id, kind, environments }: Leaving, metadata: string): Modal {
  const ways = environments.map(({ environment, from, to }): Line => {
    if (to === null) return [text(`${environment} stops going to ${from}. There is nothing earlier to go back to.`)];
    const held = environment === 'prod' ? ' prod is then held until somebody releases it.' : '';
    return [text(`${environment} goes back from ${from} to ${to}.${held}`)];
  });
  const blocks = [
    ...saying([text('This message is about '), code(id), text('.')], ...ways),
    environmentInput(BOTH.filter((each) => environments.some(({ environment }) => environment === each))),
    textInput({ id: INPUTS.reason, label: 'Why?', hint: KEPT, longest: PIECES.reason, multiline: true }),
  ];
  const view = kind === 'rollout' ? VIEWS.leave : VIEWS.further;
  return form({ view, title: 'Roll back', submit: 'Roll back', metadata, blocks });
}

/** Holds an environment. */
export function lockModal(service: string, metadata: string): Modal {
  const blocks = [
    ...saying([text(`Nothing of ${service} goes where it is locked; a rollback always may.`)]),
    environmentInput(BOTH),
    textInput({
      id: INPUTS.duration,
      label: 'For how long',
      hint: '30m, 2h or 1d, at most 30d. Empty: until somebody releases it.',
      longest: 12,
      optional: true,
    }),
    textInput({ id: INPUTS.reason, label: 'Reason', hint: KEPT, longest: PIECES.reason, multiline: true }),
  ];
  return form({ view: VIEWS.lock, title: 'Lock', submit: 'Lock', metadata, blocks });
}

/** Somebody answers for waiting with a prod that is about to go back. */
export function snoozeModal(rolloutId: string, metadata: string): Modal {
  const why = textInput({
    id: INPUTS.reason,
    label: `Why does ${rolloutId} stay in prod for now?`,
    hint: `It is possible once. ${KEPT}`,
    longest: PIECES.reason,
    multiline: true,
  });
  return form({ view: VIEWS.snooze, title: 'Put it off', submit: 'Put it off', metadata, blocks: [why] });
}

/** Another approver has looked at what one took to prod alone. */
export function reviewModal(rolloutId: string, metadata: string): Modal {
  const note = textInput({
    id: INPUTS.reason,
    label: `What did you find about ${rolloutId}?`,
    hint: KEPT,
    longest: PIECES.reason,
    multiline: true,
  });
  return form({ view: VIEWS.review, title: 'Sign off', submit: 'Sign off', metadata, blocks: [note] });
}
