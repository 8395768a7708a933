import { randomBytes } from 'node:crypto';
import { refuseProblems, SlackApiError } from './api/slack-api-error.ts';
import { BLOCK_LIMITS } from './blocks/limits.ts';
import { isViewTooLarge, validateView } from './blocks/validate-view.ts';
import { fillIds } from './fill-ids.ts';
import { isJsonObject, type JsonObject, objectsOf } from './json.ts';
import type { ViewRecord } from './records.ts';
import { stateValues } from './view-state.ts';
import { wireView } from './wire-shapes.ts';
import type { Workspace } from './workspace.ts';

const newHash = (workspace: Workspace) => `${Math.floor(workspace.now() / 1000)}.${randomBytes(4).toString('hex')}`;

export const viewBlocks = (view: ViewRecord): JsonObject[] => objectsOf(view.content.blocks);

/** A view as apps see it, with what its person has entered so far. */
export const shownView = (workspace: Workspace, view: ViewRecord): JsonObject =>
  wireView(workspace, view, stateValues(viewBlocks(view), view.chosen));

/** @throws `view_too_large` or `invalid_arguments` with every problem */
export function judgeView(content: unknown, kind: 'modal' | 'home'): JsonObject {
  if (isViewTooLarge(content)) throw new SlackApiError('view_too_large');
  refuseProblems('invalid_arguments', validateView(content, kind));
  if (!isJsonObject(content)) throw new SlackApiError('invalid_arguments');
  return { ...structuredClone(content), blocks: fillIds(objectsOf(content.blocks)) };
}

/** The modals that a person has open, the one on top last. */
export const openModals = (workspace: Workspace, user: string): ViewRecord[] =>
  workspace.state.views.filter((view) => view.kind === 'modal' && view.user === user && view.open);

/** Opens a modal. A stack that was open before is replaced, as in Slack. */
export function openModal(workspace: Workspace, user: string, content: JsonObject): ViewRecord {
  for (const view of openModals(workspace, user)) view.open = false;
  return addView(workspace, user, content);
}

/** Puts a modal on top of the others. @throws `push_limit_reached`, `not_found` when none is open */
export function pushModal(workspace: Workspace, user: string, content: JsonObject): ViewRecord {
  const stack = openModals(workspace, user);
  const top = stack.at(-1);
  if (!top) throw new SlackApiError('not_found');
  if (stack.length >= BLOCK_LIMITS.viewStack) throw new SlackApiError('push_limit_reached');
  return addView(workspace, user, content, top);
}

function addView(workspace: Workspace, user: string, content: JsonObject, below?: ViewRecord): ViewRecord {
  refuseTakenExternalId(workspace, content);
  const id = workspace.newId('V');
  const view: ViewRecord = {
    id,
    kind: 'modal',
    user,
    hash: newHash(workspace),
    content,
    rootViewId: below?.rootViewId ?? id,
    ...(below ? { previousViewId: below.id } : {}),
    chosen: {},
    open: true,
  };
  workspace.state.views.push(view);
  workspace.touch();
  return view;
}

function refuseTakenExternalId(workspace: Workspace, content: JsonObject, self?: ViewRecord): void {
  const id = content.external_id;
  if (typeof id !== 'string' || id === '') return;
  const taken = workspace.state.views.some((view) => view !== self && view.open && view.content.external_id === id);
  if (taken) throw new SlackApiError('duplicate_external_id');
}

/**
 * Replaces a view's content. Inputs keep what was entered where block id and action id stay the same.
 * @throws `hash_conflict` when `hash` is given and is not the current one
 */
export function updateView(workspace: Workspace, view: ViewRecord, content: JsonObject, hash?: string): void {
  if (hash !== undefined && hash !== view.hash) throw new SlackApiError('hash_conflict');
  refuseTakenExternalId(workspace, content, view);
  view.content = content;
  view.hash = newHash(workspace);
  workspace.touch();
}

/** Publishes a person's Home tab. @throws `hash_conflict` */
export function publishHome(workspace: Workspace, user: string, content: JsonObject, hash?: string): ViewRecord {
  const existing = workspace.state.views.find((view) => view.kind === 'home' && view.user === user);
  if (existing) {
    updateView(workspace, existing, content, hash);
    return existing;
  }
  const id = workspace.newId('V');
  const view: ViewRecord = {
    id,
    kind: 'home',
    user,
    hash: newHash(workspace),
    content,
    rootViewId: id,
    chosen: {},
    open: true,
  };
  workspace.state.views.push(view);
  workspace.touch();
  return view;
}

/** Closes one view (its person goes back to the one below) or, with `clear_on_close` or `all`, the whole stack. */
export function closeModal(workspace: Workspace, view: ViewRecord, all = false): void {
  const closing = all || view.content.clear_on_close === true ? openModals(workspace, view.user) : [view];
  for (const one of closing) one.open = false;
  workspace.touch();
}
