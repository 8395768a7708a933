import type { PageState } from '../model/page-state.ts';
import { eventsOf } from '../model/record-chain.ts';

/** Something that a step offers to do for the visitor. */
export interface TourHelp {
  readonly words: string;
  readonly act: { readonly kind: 'person'; readonly id: string } | { readonly kind: 'composer'; readonly text: string };
}

export interface TourStep {
  readonly title: string;
  readonly words: string;
  readonly helps: readonly TourHelp[];
  /** The world shows that it was done. */
  readonly isDone: boolean;
}

const OLIVIA = { words: 'Act as Olivia', act: { kind: 'person', id: 'U0OPERATOR' } } as const;
const ALICE = { words: 'Act as Alice', act: { kind: 'person', id: 'U0ALICE' } } as const;

/** The four steps of a first visit, judged by the record and not by what was pressed. */
export function tourSteps(state: PageState): readonly TourStep[] {
  const { record, setup, me } = state;
  const has = (type: string) => record.some(({ types }) => types.includes(type));
  const type = (words: string): TourHelp => ({
    words: `Type ${setup.command} ${words}`,
    act: { kind: 'composer', text: `${setup.command} ${words}` },
  });
  const promoted = endedPromoted(state);
  return [
    {
      title: 'Deploy',
      words:
        'You are Olivia, an operator. Start a rollout of version 1 to staging: let the command be typed for you, then press Enter.',
      helps: [...(me === 'U0OPERATOR' ? [] : [OLIVIA]), type('deploy staging --model 1 -- the first model')],
      isDone: has('RolloutStarted'),
    },
    {
      title: 'Look at the numbers',
      words:
        has('RolloutHeld') && !has('GateOpened')
          ? 'This machine was too busy to send the load on time, so the smoke tests gave no verdict. Press Run smoke again on the card.'
          : 'The card follows SageMaker, then the smoke tests: latency, errors, two known passengers. Once they pass, the card asks for a decision, and its thread calls the approvers.',
      helps: [],
      isDone: has('GateOpened'),
    },
    {
      title: 'Change person',
      words:
        'Press Promote to prod as Olivia: she is no approver, so it is refused, and the refusal is recorded. Then act as Alice and press it again.',
      helps: me === 'U0ALICE' ? [] : [ALICE],
      isDone: promoted > 0,
    },
    {
      title: 'Roll back',
      words:
        promoted < 2
          ? 'prod needs something to go back to. Deploy version 3 the same way, and promote it as Alice. Then roll back.'
          : 'An incident: take prod back to version 1. Operators and approvers both may. Then look into the record: every step is an entry with a hash.',
      helps:
        promoted < 2
          ? [...(me === 'U0OPERATOR' ? [] : [OLIVIA]), type('deploy staging --model 3 -- with age as a feature')]
          : [type('rollback -- error rate is up')],
      isDone: record.some((entry) =>
        eventsOf(entry).some((event) => event.type === 'RollbackEnded' && event.environment === 'prod'),
      ),
    },
  ];
}

function endedPromoted({ record }: PageState): number {
  return record
    .filter(({ types }) => types.includes('RolloutEnded'))
    .flatMap(eventsOf)
    .filter((event) => event.type === 'RolloutEnded' && event.outcome === 'promoted').length;
}
