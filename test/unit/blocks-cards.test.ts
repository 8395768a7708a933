import { describe, expect, it } from 'vitest';
import { answer } from '../../blocks/answer.ts';
import { approversMention } from '../../blocks/approvers-mention.ts';
import { ACTIONS } from '../../blocks/ids.ts';
import { createRender } from '../../blocks/render.ts';
import {
  AT,
  changeOf,
  LATER,
  rollbackCardOf,
  rolloutCardOf,
  rollouts,
  smokeResult,
  target,
} from '../../blocks/samples/parts.ts';
import { isJsonObject, objectsOf } from '../../sandbox/slack/json.ts';
import type { Rendered } from '../../src/ports/channel.ts';
import type { Entry, Event } from '../../src/rollout/events.ts';
import { reason } from '../../src/rollout/reasons.ts';

const { card, line } = createRender({ approversMention: '<!subteam^S0APPROVERS>', services: ['survival'] });

function buttons(rendered: Rendered): { id: unknown; text: unknown; value: unknown; confirm: boolean }[] {
  const blocks: unknown = JSON.parse(JSON.stringify(rendered.blocks));
  return objectsOf(blocks)
    .filter((block) => block.type === 'actions')
    .flatMap((block) => objectsOf(block.elements))
    .map((one) => ({
      id: one.action_id,
      text: isJsonObject(one.text) ? one.text.text : null,
      value: one.value,
      confirm: one.confirm !== undefined,
    }));
}

function entryOf(...events: Event[]): Entry {
  const actor = { kind: 'titanic' } as const;
  const ids = { writer: 'w', nonce: 'n', prevHash: '', hash: '' };
  return { seq: 50, at: AT, rolloutId: 'survival-42', actor, reason: null, commandKey: null, events, ...ids };
}

describe('the card of a rollout', () => {
  it('offers to promote and to reject at the gate, and says how to do it in words', () => {
    const rendered = card(rolloutCardOf(rollouts.gate));
    expect(buttons(rendered)).toEqual([
      { id: ACTIONS.promote, text: 'Promote to prod', value: 'survival-42', confirm: true },
      { id: ACTIONS.reject, text: 'Reject', value: 'survival-42', confirm: false },
      { id: ACTIONS.withdraw, text: 'Withdraw my approval', value: 'survival-42', confirm: false },
    ]);
    expect(rendered.text).toContain('/titanic promote survival-42');
    expect(rendered.text).toContain('/titanic reject survival-42 -- reason');
  });

  it('says of a promotion for later when, and of a broken glass who, why and past what, until it is signed off', () => {
    const { gate, approved, ended } = rollouts;
    if (gate.status !== 'gate' || approved.status !== 'approved' || ended.status !== 'ended') throw new Error();
    const planned = card(rolloutCardOf({ ...gate, gate: { ...gate.gate, notBefore: '2026-11-24T08:00:00.000Z' } }));
    expect(planned.text).toContain('To prod not before');
    const glass = {
      by: 'U0ALICE',
      reason: 'fares are wrong',
      at: '',
      holds: [],
      over: ['1 of 2 approvals'],
      reviewed: null,
    };
    const broken = card(rolloutCardOf({ ...approved, brokenGlass: glass }));
    expect(broken.text).toContain(
      'Glass broken by <@U0ALICE>: fares are wrong\nIn its way 1 of 2 approvals\nNot signed off.',
    );
    const reviewed = { by: 'U0ADAM', note: 'it was needed', at: '' };
    const signed = card(rolloutCardOf({ ...ended, brokenGlass: { ...glass, reviewed } }));
    expect(signed.text).toContain('Signed off by <@U0ADAM>: it was needed');
  });

  it('shows at the gate who asked, what changes, the approvals, until when, and what a rollback returns to', () => {
    const { text } = card(rolloutCardOf(rollouts.gate));
    expect(text).toMatchInlineSnapshot(`
      "survival version 7: ✋ waits for approval
      Asked by <@U0OPERATOR>, <!date^1795456800^{date_short_pretty} {time}|2026-11-23 18:00 UTC>
      Note better on third class
      Model version 6 → version 7
      Image sha256:666666666666… → sha256:777777777777…
      Instances staging ml.m5.large × 2, prod ml.m5.large × 2
      Change all traffic at once; no guardrail, because titanic.yml asks for none
      Takes 4 min (median of the last 3)
      A rollback returns to version 6: a new fleet starts, usually in 4 min (median of the last 3)
      In the registry approved by <@U0ALICE>
      Approvals 1 of 2 by approvers other than <@U0OPERATOR>: <@U0ALICE>; open until <!date^1795543200^{date_short_pretty} {time}|2026-11-24 18:00 UTC>
      Smoke tests passed: 300 requests, p95 41 ms, 0.0 % errors, cases 2 of 2
      Decide with /titanic promote survival-42 or /titanic reject survival-42 -- reason"
    `);
  });

  it('says what it costs an hour from the table of prices, and what is not in it is unknown', () => {
    const lines = (perInstanceHour: Record<string, number>, over = {}) =>
      createRender({ approversMention: '', services: ['survival'], prices: { currency: 'EUR', perInstanceHour } })
        .card(rolloutCardOf(rollouts.gate, over))
        .text.split('\n');
    const priced = (perInstanceHour: Record<string, number>, over = {}) =>
      lines(perInstanceHour, over).find((one) => one.startsWith('Cost per hour'));
    const months = (perInstanceHour: Record<string, number>) =>
      lines(perInstanceHour).filter((one) => /^(Per month|Prices) /.test(one));
    const { prod } = rollouts.gate.candidate.plans;
    const one = { ...prod, capacity: { kind: 'instances', instanceType: 'ml.m5.large', instanceCount: 1 } };
    const many = { ...prod, capacity: { kind: 'instances', instanceType: 'ml.m5.large', instanceCount: 3 } };
    const serverless = { ...prod, capacity: { kind: 'serverless', memoryMb: 2048, maxConcurrency: 5 } };
    const large = { 'ml.m5.large': 0.1345 };
    expect(priced(large)).toBe('Cost per hour staging 0.269 EUR, prod 0.269 EUR (as now)');
    expect(priced(large, { runningPlan: one })).toMatch(/prod 0\.269 EUR \(now 0\.1345 EUR, \+0\.1345\)$/);
    expect(priced(large, { runningPlan: many })).toMatch(/prod 0\.269 EUR \(now 0\.4035 EUR, −0\.1345\)$/);
    expect(priced(large, { runningPlan: serverless })).toMatch(/prod 0\.269 EUR \(now by use\)$/);
    expect(priced(large, { runningPlan: null })).toMatch(/\(now unknown\)$/);
    expect(months(large)).toEqual(['Per month of 730 hours staging 196.37 EUR, prod 196.37 EUR', 'Prices titanic.yml']);
    expect(months({})).toEqual([]);
    expect(priced({})).toBe('Cost per hour staging unknown, prod unknown (now unknown)');
    expect(card(rolloutCardOf(rollouts.gate)).text).not.toContain('Cost');
  });

  it('never mentions the approvers, because it is updated many times', () => {
    for (const rollout of Object.values(rollouts)) {
      expect(JSON.stringify(card(rolloutCardOf(rollout)))).not.toContain('subteam');
    }
  });

  it('has no buttons once it is decided', () => {
    for (const status of ['staging', 'testing', 'tested', 'approved', 'prod', 'verifying', 'ended'] as const) {
      expect(buttons(card(rolloutCardOf(rollouts[status])))).toEqual([]);
    }
  });

  it('offers another smoke run or an end while it is on hold', () => {
    expect(buttons(card(rolloutCardOf(rollouts.held))).map((one) => one.text)).toEqual(['Run smoke again', 'Give up']);
  });

  it('keeps rich text in every state, which Slack does not let an update take away', () => {
    for (const rollout of Object.values(rollouts)) {
      const blocks: unknown = JSON.parse(JSON.stringify(card(rolloutCardOf(rollout)).blocks));
      expect(objectsOf(blocks).some((block) => block.type === 'rich_text')).toBe(true);
    }
  });

  it('shows what is waited for, with moments in the reader’s own time', () => {
    const waiting = reason('waits-for-lock', {
      environment: 'prod',
      by: 'U0ADAM',
      reason: 'release freeze',
      until: `until ${LATER}`,
    });
    expect(card(rolloutCardOf({ ...rollouts.approved, waiting })).text).toContain(
      'Waiting. prod is held by <@U0ADAM>: release freeze (until <!date^1795543200^',
    );
  });

  it('shows numbers of the same run where prod was measured with it', () => {
    const compared = smokeResult().numbers;
    const smoke = { ...smokeResult({ compared }), lastModified: AT, finishedAt: AT, finishedSeq: 1 };
    expect(JSON.stringify(card(rolloutCardOf({ ...rollouts.gate, smoke })))).toContain('prod, same run');
    expect(JSON.stringify(card(rolloutCardOf(rollouts.gate)))).toContain('prod, recorded');
  });

  it('says of one that ended otherwise than well where, what goes back, and what may come next', () => {
    const { ended } = rollouts;
    if (ended.status !== 'ended') throw new Error();
    const over = { ...ended, outcome: 'failed', reason: reason('smoke-failed', { findings: 'p95' }) } as const;
    const goesBack = { id: 'survival-70', environment: 'staging', target: target(6), holds: false } as const;
    const { text } = card(rolloutCardOf({ ...over, approvedBy: [] }, { goesBack }));
    expect(text).toContain('failed on staging');
    expect(text).toContain('staging goes back to version 6: survival-70');
    expect(text).toContain('Next /titanic deploy staging --model 7 tries this version again');
    expect(card(rolloutCardOf(over, { recreateOffered: true })).text).toMatch(
      /failed on prod.*Next an approver presses Recreate prod/s,
    );
    expect(card(rolloutCardOf({ ...over, outcome: 'superseded' })).text).not.toContain('Next');
  });

  it('offers to recreate prod where its endpoint has failed for good', () => {
    expect(buttons(card(rolloutCardOf(rollouts.ended, { recreateOffered: true }))).map((one) => one.id)).toEqual([
      ACTIONS.recreate,
    ]);
  });
});

describe('the card of a rollback', () => {
  it('offers one further back, by its own id', () => {
    expect(buttons(card(rollbackCardOf()))).toEqual([
      { id: ACTIONS.furtherProd, text: 'One further back', value: 'survival-70', confirm: true },
    ]);
    expect(card(rollbackCardOf()).text).toContain('/titanic rollback prod --to 5');
  });

  it('offers nothing where there is nothing further back', () => {
    expect(buttons(card(rollbackCardOf({ further: null })))).toEqual([]);
  });
});

describe('a line in a thread', () => {
  const gateCard = rolloutCardOf(rollouts.gate);

  it('calls the approvers when the gate opens', () => {
    const told = line(gateCard, entryOf({ type: 'GateOpened', rolloutId: 'survival-42', expiresAt: LATER }));
    expect(told?.text.startsWith('<!subteam^S0APPROVERS> A decision is needed')).toBe(true);
    expect(JSON.stringify(told?.blocks[0])).toContain('<!subteam^S0APPROVERS>');
  });

  it('calls them when the check of prod fails or smoke tests give no verdict, and not for anything else', () => {
    const failed = line(
      gateCard,
      entryOf({
        type: 'RollbackStarted',
        rollbackId: 'survival-70',
        environment: 'prod',
        cause: 'check-failed',
        target: target(6),
        leaving: null,
        by: null,
        reason: null,
        recreate: false,
      }),
    );
    const held = line(
      gateCard,
      entryOf({ type: 'RolloutHeld', rolloutId: 'survival-42', reason: reason('smoke-inconclusive', { why: 'late' }) }),
    );
    const approved = line(
      gateCard,
      entryOf({ type: 'ApprovalGiven', rolloutId: 'survival-42', by: 'U0ALICE', have: 1, need: 2 }),
    );
    expect(failed?.text).toContain('subteam');
    expect(held?.text).toContain('subteam');
    expect(approved?.text).toBe('<@U0ALICE> approves: 1 of 2');
  });

  it('says nothing about bookkeeping and refused presses', () => {
    const refused = reason('not-an-approver');
    expect(
      line(
        gateCard,
        entryOf(
          { type: 'ProgressSeen', environment: 'prod', deployment: 1, words: 'Downloading' },
          { type: 'CommandRefused', verb: 'promote', rolloutId: 'survival-42', by: 'U0STRANGER', reason: refused },
        ),
      ),
    ).toBeNull();
  });

  it('tells each thread its own part of an entry that ends one rollout and starts another', () => {
    const ended = entryOf({
      type: 'RolloutEnded',
      rolloutId: 'survival-30',
      outcome: 'superseded',
      reason: reason('superseded-by', { rollout: 'survival-42', by: 'U0OPERATOR' }),
      by: 'U0OPERATOR',
    });
    expect(line(gateCard, ended)).toBeNull();
  });
});

describe('outside text', () => {
  const evil = '<!channel> <@U0ALICE> <https://evil.example|approve> \u202ednes\u0000 *bold* `code`';

  it('is inert wherever it is shown', () => {
    const waiting = reason('waits-for-group', { why: evil });
    const words = changeOf({ environment: 'prod', words: evil });
    const rendered = card(rolloutCardOf({ ...rollouts.gate, note: evil, waiting }, { doing: words }));
    expect(rendered.text).not.toContain('<!channel>');
    expect(rendered.text).not.toContain('<https://evil');
    expect(rendered.text).toContain('&lt;!channel&gt;');
    const all = JSON.stringify(rendered);
    expect(all).not.toMatch(/\\u202e|\u202e|\\u0000/);
    // Nothing of it stands where Slack reads markup.
    expect(all).not.toContain('"mrkdwn"');
  });

  it('is not a mention because it looks like one inside other words', () => {
    const rendered = answer({ kind: 'refused', reason: reason('manual', { reason: 'ask <@U0ALICE>' }), subject: null });
    expect(rendered.text).toBe('⛔ ask &lt;@U0ALICE&gt;');
  });

  it('mentions nobody but configured ids', () => {
    expect(approversMention({ kind: 'usergroup', usergroup: 'S0APPROVERS' })).toBe('<!subteam^S0APPROVERS>');
    expect(approversMention({ kind: 'usergroup', usergroup: 'S0> <!channel' })).toBe('Approvers');
    expect(approversMention({ kind: 'users', users: ['U0ALICE', '<!here>'] })).toBe('<@U0ALICE>');
  });
});
