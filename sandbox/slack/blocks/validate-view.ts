import { isJsonObject, type JsonObject, objectsOf } from '../json.ts';
import { anything, boolean, oneOf, optional, type Problem, required, shape, string } from './checks.ts';
import { BLOCK_LIMITS as MAX } from './limits.ts';
import { plainText } from './text-shapes.ts';
import { validateBlocks } from './validate-blocks.ts';

const common = {
  type: required(oneOf(['modal', 'home'])),
  blocks: required(anything),
  private_metadata: optional(string(MAX.viewPrivateMetadata, 0)),
  callback_id: optional(string(MAX.viewCallbackId, 0)),
  external_id: optional(string(MAX.viewCallbackId, 0)),
};
const homeView = shape(common);
const modalView = shape(
  {
    ...common,
    title: required(plainText(MAX.viewTitle)),
    submit: optional(plainText(MAX.viewTitle)),
    close: optional(plainText(MAX.viewTitle)),
    clear_on_close: optional(boolean),
    notify_on_close: optional(boolean),
    submit_disabled: optional(boolean),
  },
  (value: JsonObject, at, report) => {
    const hasInput = objectsOf(value.blocks).some((block) => block.type === 'input');
    if (hasInput && value.submit === undefined) report(at, 'missing required field: submit');
  },
);

/** Judges a view given to views.open, push, update or publish, or in the answer to a submission. */
export function validateView(view: unknown, kind: 'modal' | 'home', at = '/view'): Problem[] {
  const problems: Problem[] = [];
  const report = (pointer: string, message: string) => problems.push({ pointer, message });
  (kind === 'home' ? homeView : modalView)(view, at, report);
  if (!isJsonObject(view)) return problems;
  if (view.type !== kind) report(`${at}/type`, `must be ${kind}`);
  problems.push(...validateBlocks(view.blocks, kind, `${at}/blocks`));
  return problems;
}

/** Slack measures the whole view as JSON. */
export const isViewTooLarge = (view: unknown): boolean => Buffer.byteLength(JSON.stringify(view)) > MAX.viewBytes;
