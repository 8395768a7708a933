import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanupPlan } from '../../blocks/cleanup-plan.ts';
import { LIMITS } from '../../blocks/limits.ts';
import { rejectModelModal } from '../../blocks/reject-modal.ts';
import { createRender } from '../../blocks/render.ts';
import { AT, LATER, target } from '../../blocks/samples/parts.ts';
import { countedCharacters, validateBlocks } from '../../sandbox/slack/blocks/validate-blocks.ts';
import { validateView } from '../../sandbox/slack/blocks/validate-view.ts';
import { isJsonObject, objectsOf } from '../../sandbox/slack/json.ts';
import type { Rendered } from '../../src/ports/channel.ts';
import type { Card } from '../../src/rollout/card.ts';
import { known } from '../../src/rollout/observation.ts';
import { reason } from '../../src/rollout/reasons.ts';
import type { Cleanup, ModelApproval } from '../../src/rollout/state.ts';
import { worstFacts } from '../support/worst-facts.ts';

const { card } = createRender({ approversMention: '<!subteam^S0APPROVERS>', services: ['survival'] });

/** Everything that Slack would refuse. */
function problems(rendered: Rendered): unknown {
  const blocks = JSON.parse(JSON.stringify(rendered.blocks));
  return {
    blocks: validateBlocks(blocks, 'message'),
    tooMuch: countedCharacters(objectsOf(blocks)) > LIMITS.messageBlocksText,
    text: rendered.text.length === 0 || rendered.text.length > LIMITS.messageText,
  };
}

const FINE = { blocks: [], tooMuch: false, text: false };
const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3_000 }),
  fc.constantFrom('<!channel>', '&'.repeat(3_000), '😀'.repeat(2_000), '', ' ', '\u0000', 'U0ALICE', '`*_~'),
);

function approval(text: string, changed: Partial<ModelApproval>): ModelApproval {
  return {
    id: 'survival-7',
    packageArn: text,
    version: 7,
    facts: worstFacts(text),
    beside: worstFacts(text),
    requester: text,
    githubUser: text,
    note: text,
    deploys: true,
    unchecked: false,
    askedAt: AT,
    expiresAt: LATER,
    verdict: null,
    intent: null,
    registered: false,
    tries: 0,
    notBefore: null,
    ended: null,
    ...changed,
  };
}

function cleanup(text: string, changed: Partial<Cleanup>): Cleanup {
  const many = Array.from({ length: 400 }, (_, n) => ({ kind: 'model' as const, name: `${n}${text}`, arn: text }));
  return {
    id: 'survival-9',
    target: 'all',
    digest: text,
    by: text,
    at: AT,
    expiresAt: LATER,
    confirmed: null,
    total: 400,
    left: many.map((one) => ({ ...one, environment: null })),
    kept: many.slice(0, 100).map((one) => ({ ...one, because: text })),
    keptMore: 7,
    notDeleted: [],
    removals: {},
    round: null,
    notBefore: null,
    stopAskedBy: null,
    ended: null,
    ...changed,
  };
}

describe('the cards of models and clean-ups stay within what Slack takes', () => {
  it('with the worst that registries and accounts may hold', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const why = reason('cleaned-up-partly', { count: 1, left: 2, why: text });
        const failed = { at: AT, outcome: 'failed', reason: why, by: text } as const;
        const verdict = { approve: false, by: text, reason: text, at: AT };
        const notDeleted = Array.from({ length: 50 }, () => ({ kind: 'model' as const, name: text, why: text }));
        const removals = { staging: 'open', prod: why } as const;
        const confirmed = { by: text, at: AT, deadlineAt: LATER };
        const about = { service: 'survival', id: 'survival-9' } as const;
        const alarm = { id: 'survival-9', packageArn: text, version: 7, by: text, at: AT, over: false };
        const cards: readonly Card[] = [
          { ...about, kind: 'model', approval: approval(text, {}), runsInProd: false },
          { ...about, kind: 'model', approval: approval(text, { verdict, ended: failed }), runsInProd: true },
          { ...about, kind: 'model-alarm', alarm, target: target(6) },
          { ...about, kind: 'model-alarm', alarm: { ...alarm, by: null, over: true }, target: null },
          { ...about, kind: 'cleanup', cleanup: cleanup(text, {}) },
          { ...about, kind: 'cleanup', cleanup: cleanup(text, { confirmed, removals, notDeleted, stopAskedBy: text }) },
          { ...about, kind: 'cleanup', cleanup: cleanup(text, { confirmed, removals, notDeleted, ended: failed }) },
        ];
        for (const shown of cards) expect(problems(card(shown))).toEqual(FINE);
        const items = Array.from({ length: 600 }, (_, n) => ({
          kind: 'model' as const,
          name: `${n}${text}`,
          arn: text,
          action: 'keep' as const,
          because: text,
        }));
        const plan = { kind: 'plan', target: 'all', items, digest: text, phrase: text } as const;
        expect(problems(cleanupPlan('survival', 'all', known(plan)))).toEqual(FINE);
      }),
      { numRuns: 25 },
    );
  });

  it('and so does the form', () => {
    const modal: unknown = JSON.parse(JSON.stringify(rejectModelModal('survival-42', 'survival-42 C0TITANIC')));
    expect(isJsonObject(modal) && validateView(modal, 'modal')).toEqual([]);
  });
});
