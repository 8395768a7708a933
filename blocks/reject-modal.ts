import { visible } from './escape.ts';
import { REJECT_INPUT, VIEWS } from './ids.ts';
import { cut, LIMITS, PIECES } from './limits.ts';

/** A modal as Slack takes it. */
export interface Modal {
  readonly type: 'modal';
  readonly callback_id: string;
  readonly private_metadata: string;
  readonly title: object;
  readonly submit: object;
  readonly close: object;
  readonly blocks: readonly object[];
}

function plain(text: string, max: number): object {
  return { type: 'plain_text', text: cut(visible(text), max), emoji: false };
}

/** Asks why. `metadata` points to the rollout and the message; what it points to is judged anew at the submit. */
export function rejectModal(rolloutId: string, metadata: string): Modal {
  return askWhy(VIEWS.reject, `Why is ${rolloutId} rejected?`, metadata);
}

/** The same for a model package, which stands in the Model Registry as Rejected afterwards. */
export function rejectModelModal(approvalId: string, metadata: string): Modal {
  return askWhy(VIEWS.rejectModel, `Why is the model of ${approvalId} rejected?`, metadata);
}

function askWhy(view: string, question: string, metadata: string): Modal {
  return {
    type: 'modal',
    callback_id: view,
    private_metadata: metadata,
    title: plain('Reject', LIMITS.viewTitle),
    submit: plain('Reject', LIMITS.viewTitle),
    close: plain('Not now', LIMITS.viewTitle),
    blocks: [
      {
        type: 'input',
        block_id: REJECT_INPUT.block,
        label: plain(question, 200),
        element: {
          type: 'plain_text_input',
          action_id: REJECT_INPUT.action,
          multiline: true,
          min_length: 1,
          max_length: PIECES.reason,
        },
        hint: plain('It is shown in the channel and kept in the record.', 200),
      },
    ],
  };
}
