import { describe, expect, it } from 'vitest';
import type { CleanupSummary, ModelApprovalSummary } from '../../src/evidence/document.ts';
import { evidenceText } from '../../src/evidence/export.ts';
import { evidenceMarkdown } from '../../src/evidence/markdown.ts';
import { verifyEvidence } from '../../src/evidence/verify.ts';
import { known } from '../../src/rollout/observation.ts';
import { planFor, withLeftover } from '../support/cleanup-facts.ts';
import { ALL_REFUSED, carriedOut } from '../support/cleanup-rounds.ts';
import { mutationsOf } from '../support/evidence-mutations.ts';
import { evidenceOf } from '../support/evidence-of.ts';
import { approver, both, operator, secondApprover, stranger } from '../support/rollout-facts.ts';
import * as say from '../support/sayings.ts';
import { type Story, story } from '../support/story.ts';

const two = story().promotes(1).promotes(2);

const proposed = two.tells(approver, say.cleanup('all'));
const cleanupId = proposed.state.cleanup?.id ?? '';
const cleaned = carriedOut(
  proposed
    .tells(approver, say.confirmCleanup())
    .tells(stranger, say.confirmCleanup())
    .tells(both, say.confirmCleanup()),
).told;

const asked = two.tells(operator, say.deployPending(4));
const approvalId = asked.state.approvals[0]?.id ?? '';

function told(from: Story, registry: 'Approved' | 'Rejected'): Story {
  const intended = from.after(from.sees());
  const intent = intended.state.approvals[0]?.intent?.seq ?? 0;
  const outcome = { kind: 'accepted', requestId: 'r-registry' } as const;
  const heard = intended.after(intended.decides({ kind: 'registry-decided', approvalId, intent, outcome }));
  return heard.after(heard.sees({ model: { approval: registry } }));
}

const approved = told(asked.tells(operator, say.approveModel()).tells(approver, say.approveModel()), 'Approved');
const rejected = told(asked.tells(secondApprover, say.rejectModel()), 'Rejected');

const cleanupOf = async (from: Story) => (await evidenceOf(from, cleanupId)).summary as CleanupSummary;
const modelOf = async (from: Story) => (await evidenceOf(from, approvalId)).summary as ModelApprovalSummary;

describe('the evidence of a clean-up', () => {
  it('says who asked, who was refused, who confirmed, and what became of each deletion', async () => {
    const s = await cleanupOf(cleaned);
    expect(s).toMatchObject({
      target: 'all',
      planDigest: proposed.state.cleanup?.digest,
      confirmed: { by: 'U0BO', removes: ['staging', 'prod'], forgets: [] },
      over: true,
      ended: { outcome: 'done', reason: { code: 'cleaned-up' } },
    });
    expect(s.refusals.map((r) => [r.by, r.reason.code])).toEqual([
      ['U0ANNA', 'requester-cannot-confirm'],
      ['U0SAM', 'not-an-approver'],
    ]);
    expect(s.awsCalls.map((c) => [c.operation, c.environment, c.outcome, c.requestId])).toEqual([
      ['DeleteEndpoint', 'prod', 'accepted', 'r1'],
      ['DeleteEndpoint', 'staging', 'accepted', 'r1'],
    ]);
    const rest = s.plan.filter(({ kind }) => kind !== 'endpoint');
    expect(s.deletions.map(({ kind, name }) => [kind, name])).toEqual(rest.map(({ kind, name }) => [kind, name]));
    expect(new Set(s.deletions.map((d) => `${d.outcome} ${d.requestId}`))).toEqual(new Set(['gone r1']));
  });

  it('says why something was not deleted, and what nobody knows of', async () => {
    const plan = known(planFor(two, 'leftovers', withLeftover));
    const begun = two.tells(approver, say.cleanup('leftovers', { plan })).tells(approver, say.confirmCleanup({ plan }));
    const refused = await cleanupOf(carriedOut(begun, ALL_REFUSED).told);
    expect(refused.deletions.map((d) => [d.outcome, d.why])).toEqual([
      ['refused', 'AccessDenied'],
      ['refused', 'AccessDenied'],
    ]);
    expect(refused.ended?.outcome).toBe('failed');
    expect(refused.kept.length).toBeGreaterThan(0);
    const crashed = await cleanupOf(begun.after(begun.sees()));
    expect(crashed.deletions.map((d) => d.outcome)).toEqual(['unknown']);
    expect(crashed).toMatchObject({ over: false, ended: null });
  });

  it('ends with its last entry, also where nobody confirmed it', async () => {
    const discarded = proposed.tells(secondApprover, say.stopCleanup());
    const { chain, summary } = await evidenceOf(discarded.begins(3), cleanupId);
    expect(chain.last.seq).toBe(discarded.state.seq);
    expect(summary).toMatchObject({ confirmed: null, awsCalls: [], deletions: [], ended: { outcome: 'discarded' } });
  });
});

describe('the evidence of a model approval', () => {
  it('says who asked, who was refused, who decided on what, and what the registry answered', async () => {
    const s = await modelOf(approved);
    expect(s).toMatchObject({
      requester: 'U0OLGA',
      version: 4,
      deploys: true,
      decision: { by: 'U0ANNA', approve: true },
      rollout: approved.rollout.id,
      over: true,
      ended: { outcome: 'approved', by: 'U0ANNA' },
    });
    expect(s.registryCalls).toMatchObject([
      { operation: 'UpdateModelPackage', status: 'Approved', outcome: 'accepted', requestId: 'r-registry' },
    ]);
    expect(s.refusals.map((r) => [r.by, r.reason.code])).toEqual([['U0OLGA', 'not-an-approver']]);
  });

  it('is named by the rollout that waited for it', async () => {
    const { summary } = await evidenceOf(approved, approved.rollout.id);
    expect(summary).toMatchObject({ kind: 'rollout', modelApproval: approvalId });
    const { summary: other } = await evidenceOf(two, two.state.ended[0]?.id ?? '');
    expect(other).toMatchObject({ modelApproval: null });
  });

  it('says that nobody decided in titanic', async () => {
    const outside = asked.after(asked.sees({ model: { approval: 'Rejected' } }));
    expect(await modelOf(outside)).toMatchObject({ decision: null, registryCalls: [], rollout: null, over: true });
  });
});

describe('both', () => {
  const stories = [
    ['a clean-up', cleaned, cleanupId],
    ['a clean-up that goes on', proposed.tells(both, say.confirmCleanup()), cleanupId],
    ['an approved model', approved.begins(5), approvalId],
    ['a rejected model', rejected, approvalId],
  ] as const;

  it.each(stories)('are whole and read well: %s', async (_, from, id) => {
    const document = await evidenceOf(from, id);
    expect(verifyEvidence(evidenceText(document)).findings).toEqual([]);
    expect(evidenceMarkdown(document)).toMatch(/^# Evidence of survival/);
    expect(evidenceMarkdown(document)).not.toMatch(/undefined|\[object/);
  });

  it.each(stories)('are caught changed, whatever is done to them: %s', async (_, from, id) => {
    const mutations = mutationsOf(evidenceText(await evidenceOf(from, id)));
    const missed = mutations.filter(({ about, text }) => {
      const { findings } = verifyEvidence(text);
      return (
        findings.length === 0 || (about.length > 0 && !findings.some((f) => f.seq !== null && about.includes(f.seq)))
      );
    });
    expect(missed.map(({ kind, about }) => `${kind} ${about}`)).toEqual([]);
    expect(mutations.length).toBeGreaterThan(100);
  });
});
