import type { App } from '@slack/bolt';
import { deployModal, lockModal, reviewModal, rollbackModal, snoozeModal } from '../blocks/forms.ts';
import { ACTIONS, COMMAND, COMMAND_ACTION, EVENTS, INPUTS, SHORTCUTS, VIEWS } from '../blocks/ids.ts';
import { rejectModal, rejectModelModal } from '../blocks/reject-modal.ts';
import type { Request } from '../src/rollout/api.ts';
import type { Environment } from '../src/rollout/candidate.ts';
import { createActors } from './actor.ts';
import { type Answering, createAnswering } from './answering.ts';
import { createCardPress } from './card-press.ts';
import { createChosenTime } from './chosen-time.ts';
import { writeMetadata } from './form-metadata.ts';
import { createFormOpened } from './form-opened.ts';
import * as forms from './form-reads.ts';
import { createFormSubmitted } from './form-submitted.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { createHomeOpened } from './home-opened.ts';
import { createLanes } from './lanes.ts';
import { createMentioned } from './mentioned.ts';
import { createNotUnderstood } from './not-understood.ts';
import { createOwnWorkspace } from './own-workspace.ts';
import { createPersonLimits } from './person-limits.ts';
import { createPressedCard } from './pressed-card.ts';
import { createQueries } from './queries.ts';
import { createSaidWords } from './said-words.ts';
import { createLeaveShortcut, createMenuShortcut } from './shortcuts.ts';
import { createSubmit, type Submit } from './submitting.ts';
import { createSuggestions } from './suggestions.ts';
import { createCommandPressed, createTitanicCommand } from './titanic-command.ts';

const COMMAND_BUTTON = new RegExp(`^${escaped(COMMAND_ACTION)}\\.\\d{1,2}$`);

/** Everything that titanic listens to, in one table. */
export function registerHandlers(app: App, deps: HandlerDeps): void {
  const limits = createPersonLimits(deps.clock);
  const answering = createLanes({ ...deps, limits }).through(createAnswering({ ...deps, limits }));
  const actors = createActors(deps.directory, deps.ordinaryGroups);
  const submit = createSubmit({ ...deps, actors });
  const queries = createQueries({ ...deps, actors });
  const press = createCardPress(answering, createPressedCard({ ...deps, submit }));
  const notUnderstood = createNotUnderstood(answering);

  app.use(createOwnWorkspace(deps));

  const answerWords = createSaidWords({ ...deps, submit, queries, chosenTime: createChosenTime(deps) });
  app.command(COMMAND, createTitanicCommand(answering, answerWords));
  app.action(COMMAND_BUTTON, createCommandPressed(answering, answerWords));

  app.action(
    ACTIONS.promote,
    press('promote', (rolloutId) => ({ verb: 'promote', rolloutId })),
  );
  app.action(
    ACTIONS.withdraw,
    press('withdraw', (rolloutId) => ({ verb: 'withdraw', rolloutId })),
  );
  app.action(
    ACTIONS.smokeAgain,
    press('smoke-again', (rolloutId) => ({ verb: 'smoke-again', rolloutId })),
  );
  app.action(
    ACTIONS.giveUp,
    press('give-up', (rolloutId) => ({ verb: 'give-up', rolloutId })),
  );
  app.action(ACTIONS.furtherStaging, press('further-back', furtherThan('staging'), 'rollback'));
  app.action(ACTIONS.furtherProd, press('further-back', furtherThan('prod'), 'rollback'));
  app.action(
    ACTIONS.recreate,
    press('recreate', () => ({ verb: 'recreate' }), 'rollback'),
  );
  app.action(
    ACTIONS.approveModel,
    press('approve-model', (approvalId) => ({ verb: 'approve-model', approvalId, version: null, reason: null })),
  );
  app.action(
    ACTIONS.leaveRejected,
    press('leave-rejected', (alarmId) => ({ verb: 'leave-rejected', alarmId }), 'rollback'),
  );
  app.action(
    ACTIONS.confirmCleanup,
    press('confirm-cleanup', (cleanupId) => ({ verb: 'confirm-cleanup', cleanupId })),
  );
  app.action(
    ACTIONS.stopCleanup,
    press('stop-cleanup', (cleanupId) => ({ verb: 'stop-cleanup', cleanupId })),
  );

  registerForms(app, answering, { ...deps, submit });

  app.shortcut(SHORTCUTS.menu, createMenuShortcut(answering, { queries }));
  app.shortcut(SHORTCUTS.leave, createLeaveShortcut(answering, { ...deps, actors }));
  app.options(INPUTS.model.action, createSuggestions(deps));
  app.event(EVENTS.homeOpened, createHomeOpened(deps));
  app.event(EVENTS.mention, createMentioned(answering, { ...deps, actors }));

  // Bolt runs every listener that matches, so these must match nothing of the above.
  app.command(allBut([COMMAND]), notUnderstood);
  app.action(allBut([...Object.values(ACTIONS), COMMAND_BUTTON]), notUnderstood);
  app.view(allBut(Object.values(VIEWS)), notUnderstood);
  app.view({ type: 'view_closed', callback_id: /.*/ }, async ({ ack }) => ack());
  app.shortcut(allBut(Object.values(SHORTCUTS)), notUnderstood);
  app.options(allBut([INPUTS.model.action]), async ({ ack }) => ack({ options: [] }));
}

/** Buttons that open forms, and the forms. */
function registerForms(
  app: App,
  answering: Answering,
  deps: Pick<HandlerDeps, 'conversation' | 'services'> & { readonly submit: Submit },
): void {
  const opens = createFormOpened(answering, deps);
  const submits = createFormSubmitted(answering, deps);
  app.action(
    ACTIONS.reject,
    opens(
      'reject',
      (pressed) => rejectModal(pressed.value, writeMetadata(pressed)),
      ({ value }) => `/titanic reject ${value} -- reason`,
    ),
  );
  app.action(
    ACTIONS.rejectModel,
    opens(
      'reject-model',
      (pressed) => rejectModelModal(pressed.value, writeMetadata(pressed)),
      () => '/titanic reject-model VERSION -- reason',
    ),
  );
  app.action(
    ACTIONS.openDeploy,
    opens(
      'deploy',
      (pressed) => deployModal(pressed.value, writeMetadata(pressed)),
      ({ value }) => `/titanic deploy staging --service ${value}`,
    ),
  );
  app.action(
    ACTIONS.openRollback,
    opens(
      'rollback',
      (pressed) => rollbackModal(pressed.value, writeMetadata(pressed)),
      ({ value }) => `/titanic rollback --service ${value}`,
      'rollback',
    ),
  );
  app.action(
    ACTIONS.openLock,
    opens(
      'lock',
      (pressed) => lockModal(pressed.value, writeMetadata(pressed)),
      ({ value }) => `/titanic lock prod --service ${value} -- reason`,
    ),
  );
  app.action(
    ACTIONS.openReview,
    opens(
      'review',
      (pressed) => reviewModal(pressed.value, writeMetadata(pressed)),
      ({ value }) => `/titanic review ${value} -- note`,
    ),
  );
  app.action(
    ACTIONS.openSnooze,
    opens(
      'snooze',
      (pressed) => snoozeModal(pressed.value, writeMetadata(pressed)),
      ({ value }) => `/titanic snooze ${value} -- reason`,
    ),
  );

  app.view(VIEWS.reject, submits('reject', 'id', forms.readReject));
  app.view(VIEWS.rejectModel, submits('reject-model', 'id', forms.readRejectModel));
  app.view(VIEWS.deploy, submits('deploy', 'service', forms.readDeploy));
  app.view(VIEWS.rollback, submits('rollback', 'service', forms.readRollback, 'rollback'));
  app.view(VIEWS.leave, submits('leave', 'id', forms.readLeave, 'rollback'));
  app.view(VIEWS.further, submits('further-back', 'id', forms.readFurther, 'rollback'));
  app.view(VIEWS.lock, submits('lock', 'service', forms.readLock));
  app.view(VIEWS.snooze, submits('snooze', 'id', forms.readSnooze));
  app.view(VIEWS.review, submits('review', 'id', forms.readReview));
}

/** **One further back**: beyond what this rollback went back to, and no other, so that two presses go one step. */
function furtherThan(environment: Environment): (rollbackId: string) => Request {
  return (id) => ({ verb: 'rollback', environment, toVersion: null, reason: null, furtherThan: id });
}

function allBut(known: readonly (string | RegExp)[]): RegExp {
  const each = known.map((id) => (typeof id === 'string' ? escaped(id) : id.source.slice(1, -1)));
  return new RegExp(`^(?!(?:${each.join('|')})$)`, 's');
}

function escaped(id: string): string {
  return id.replace(/[^\w-]/g, '\\$&');
}
