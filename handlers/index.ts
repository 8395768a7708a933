import type { App } from '@slack/bolt';
import { ACTIONS, COMMAND, COMMAND_ACTION, VIEWS } from '../blocks/ids.ts';
import type { Request } from '../src/rollout/api.ts';
import type { Environment } from '../src/rollout/candidate.ts';
import { createActors } from './actor.ts';
import { createAnswering } from './answering.ts';
import { createCardPress } from './card-press.ts';
import { createChosenTime } from './chosen-time.ts';
import { createRejectPressed } from './gate-actions.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { createLanes } from './lanes.ts';
import { createRejectModelPressed, createRejectModelSubmitted } from './model-actions.ts';
import { createNotUnderstood } from './not-understood.ts';
import { createOwnWorkspace } from './own-workspace.ts';
import { createPersonLimits } from './person-limits.ts';
import { createPressedCard } from './pressed-card.ts';
import { createQueries } from './queries.ts';
import { createRejectSubmitted } from './reject-modal-submit.ts';
import { createSaidWords } from './said-words.ts';
import { createSubmit } from './submitting.ts';
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
  app.action(ACTIONS.reject, createRejectPressed(answering, deps));
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
  app.action(ACTIONS.rejectModel, createRejectModelPressed(answering, deps));
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

  app.view(VIEWS.reject, createRejectSubmitted(answering, { ...deps, submit }));
  app.view(VIEWS.rejectModel, createRejectModelSubmitted(answering, { ...deps, submit }));

  // Bolt runs every listener that matches, so these must match nothing of the above.
  app.command(allBut([COMMAND]), notUnderstood);
  app.action(allBut([...Object.values(ACTIONS), COMMAND_BUTTON]), notUnderstood);
  app.view(allBut(Object.values(VIEWS)), notUnderstood);
  app.view({ type: 'view_closed', callback_id: /.*/ }, async ({ ack }) => ack());
  app.shortcut(/.*/, notUnderstood);
  app.options(/.*/, async ({ ack }) => ack({ options: [] }));
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
