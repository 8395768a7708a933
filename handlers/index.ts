import type { App } from '@slack/bolt';
import { ACTIONS, COMMAND, VIEWS } from '../blocks/ids.ts';
import { createActors } from './actor.ts';
import { createAnswering } from './answering.ts';
import { createChosenTime } from './chosen-time.ts';
import { createCleanupPressed } from './cleanup-actions.ts';
import { createPromotePressed, createRejectPressed, createWithdrawPressed } from './gate-actions.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { createLanes } from './lanes.ts';
import {
  createApproveModelPressed,
  createLeaveRejectedPressed,
  createRejectModelPressed,
  createRejectModelSubmitted,
} from './model-actions.ts';
import { createNotUnderstood } from './not-understood.ts';
import { createOwnWorkspace } from './own-workspace.ts';
import { createPersonLimits } from './person-limits.ts';
import { createPressedCard } from './pressed-card.ts';
import { createQueries } from './queries.ts';
import { createRejectSubmitted } from './reject-modal-submit.ts';
import { createFurtherPressed, createRecreatePressed } from './rollback-actions.ts';
import { createSmokePressed } from './smoke-actions.ts';
import { createSubmit } from './submitting.ts';
import { createTitanicCommand } from './titanic-command.ts';

/** Everything that titanic listens to, in one table. */
export function registerHandlers(app: App, deps: HandlerDeps): void {
  const limits = createPersonLimits(deps.clock);
  const answering = createLanes({ ...deps, limits }).through(createAnswering({ ...deps, limits }));
  const actors = createActors(deps.directory, deps.ordinaryGroups);
  const submit = createSubmit({ ...deps, actors });
  const queries = createQueries({ ...deps, actors });
  const card = createPressedCard({ ...deps, submit });
  const notUnderstood = createNotUnderstood(answering);

  app.use(createOwnWorkspace(deps));

  app.command(
    COMMAND,
    createTitanicCommand(answering, { ...deps, submit, queries, chosenTime: createChosenTime(deps) }),
  );

  app.action(ACTIONS.promote, createPromotePressed(answering, card));
  app.action(ACTIONS.reject, createRejectPressed(answering, deps));
  app.action(ACTIONS.withdraw, createWithdrawPressed(answering, card));
  app.action(ACTIONS.smokeAgain, createSmokePressed(answering, card, 'smoke-again'));
  app.action(ACTIONS.giveUp, createSmokePressed(answering, card, 'give-up'));
  app.action(ACTIONS.furtherStaging, createFurtherPressed(answering, card, 'staging'));
  app.action(ACTIONS.furtherProd, createFurtherPressed(answering, card, 'prod'));
  app.action(ACTIONS.recreate, createRecreatePressed(answering, card));
  app.action(ACTIONS.approveModel, createApproveModelPressed(answering, card));
  app.action(ACTIONS.rejectModel, createRejectModelPressed(answering, deps));
  app.action(ACTIONS.leaveRejected, createLeaveRejectedPressed(answering, card));
  app.action(ACTIONS.confirmCleanup, createCleanupPressed(answering, card, 'confirm-cleanup'));
  app.action(ACTIONS.stopCleanup, createCleanupPressed(answering, card, 'stop-cleanup'));

  app.view(VIEWS.reject, createRejectSubmitted(answering, { ...deps, submit }));
  app.view(VIEWS.rejectModel, createRejectModelSubmitted(answering, { ...deps, submit }));

  // Bolt runs every listener that matches, so these must match nothing of the above.
  app.command(allBut([COMMAND]), notUnderstood);
  app.action(allBut(Object.values(ACTIONS)), notUnderstood);
  app.view(allBut(Object.values(VIEWS)), notUnderstood);
  app.view({ type: 'view_closed', callback_id: /.*/ }, async ({ ack }) => ack());
  app.shortcut(/.*/, notUnderstood);
  app.options(/.*/, async ({ ack }) => ack({ options: [] }));
}

function allBut(known: readonly string[]): RegExp {
  return new RegExp(`^(?!(?:${known.map((id) => id.replace(/[^\w-]/g, '\\$&')).join('|')})$)`, 's');
}
