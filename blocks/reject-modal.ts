import { INPUTS, VIEWS } from './ids.ts';
import { PIECES } from './limits.ts';
import { form, type Modal, textInput } from './modal.ts';

/** Asks why. `metadata` points to the rollout and the message. */
export function rejectModal(rolloutId: string, metadata: string): Modal {
  return askWhy(VIEWS.reject, `Why is ${rolloutId} rejected?`, metadata);
}

/** The same for a model package, which stands in the Model Registry as Rejected afterwards. */
export function rejectModelModal(approvalId: string, metadata: string): Modal {
  return askWhy(VIEWS.rejectModel, `Why is the model of ${approvalId} rejected?`, metadata);
}

function askWhy(view: string, question: string, metadata: string): Modal {
  const hint = 'It is shown in the channel and kept in the record.';
  const reason = textInput({ id: INPUTS.reason, label: question, hint, longest: PIECES.reason, multiline: true });
  return form({ view, title: 'Reject', submit: 'Reject', metadata, blocks: [reason] });
}
