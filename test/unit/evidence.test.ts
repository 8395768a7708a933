import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { digest } from '../../src/evidence/canonical.ts';
import { collectEvidence } from '../../src/evidence/collect.ts';
import { type EvidenceDocument, evidenceJsonSchema } from '../../src/evidence/document.ts';
import { evidenceText, exportEvidence } from '../../src/evidence/export.ts';
import { evidenceMarkdown } from '../../src/evidence/markdown.ts';
import { verifyEvidence } from '../../src/evidence/verify.ts';
import { reason } from '../../src/rollout/reasons.ts';
import { evidenceOf, exported } from '../support/evidence-of.ts';
import { approver, mandatoryApprover, secondApprover, stranger } from '../support/rollout-facts.ts';
import { breakGlass, promote, review, withdraw } from '../support/sayings.ts';
import { story } from '../support/story.ts';
import { storedOf, storeOf } from '../support/told-store.ts';

const says = (document: EvidenceDocument) => verifyEvidence(evidenceText(document)).findings.map((f) => f.says);

/** As somebody would write it who knows how a file is made. */
function fitting(document: EvidenceDocument): EvidenceDocument {
  const { digest: _, ...content } = document;
  return { ...content, digest: digest(content) };
}

describe('the schema of evidence', () => {
  it('is published as it is', () => {
    expect(JSON.parse(readFileSync('docs/evidence.schema.json', 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(evidenceJsonSchema())),
    );
  });
});

describe('collecting', () => {
  it('goes from the first entry of a rollout to its last, with what lies between, and names both neighbours', async () => {
    const first = story().promotes(1);
    const second = first
      .begins(2)
      .to('gate')
      .tells(stranger, promote())
      .records([
        { type: 'HoldPlaced', environment: 'prod', kind: 'lock', by: 'U0OLGA', reason: 'Christmas', until: null },
      ]);
    const done = second.ends().begins(3);
    const { chain, summary } = await evidenceOf(done, `survival-${first.state.seq + 1}`);
    expect(chain.first.seq).toBe(first.state.seq + 1);
    expect(chain.last.seq).toBe(second.state.seq + 1);
    expect(chain.previous?.hash).toBe(first.state.hash);
    expect(chain.next).toMatchObject({ seq: second.state.seq + 2, prevHash: chain.last.hash });
    expect(chain.entries.map((e) => e.seq)).toEqual(
      Array.from({ length: chain.last.seq - chain.first.seq + 1 }, (_, index) => chain.first.seq + index),
    );
    expect(summary.refusals).toMatchObject([{ by: 'U0SAM', verb: 'promote', reason: { code: 'not-an-approver' } }]);
  });

  it('stops where the rollout is over, so that late presses and a long log change nothing', async () => {
    const over = story().promotes(1);
    const before = evidenceText(await evidenceOf(over, 'survival-1'));
    let later = over;
    for (let press = 0; press < 600; press += 1) later = later.tells(stranger, promote('survival-1'));
    const store = storeOf(storedOf(later));
    const collecting = await collectEvidence(store, 'survival', 'survival-1');
    if (collecting.kind !== 'found') throw new Error(collecting.kind);
    const { chain } = exportEvidence(collecting.collected);
    expect(chain.last).toEqual((JSON.parse(before) as EvidenceDocument).chain.last);
    expect(store.readEntries()).toBeLessThan(250);
  });

  it('waits for what a cancelled rollout still has under way', async () => {
    const running = story().begins(1).sends('staging');
    const cancelled = running.ends();
    expect((await evidenceOf(cancelled, 'survival-1')).summary).toMatchObject({
      over: false,
      ended: { outcome: 'cancelled' },
    });
    const settled = cancelled.fails('staging', reason('aborted', { why: 'asked for' }));
    const document = await evidenceOf(settled.begins(2), 'survival-1');
    expect(document.summary.over).toBe(true);
    expect(document.chain.last.seq).toBe(settled.state.seq);
  });

  it('goes to the end of the log while the rollout goes on, over pages', async () => {
    let told = story().begins(1).to('gate');
    for (let press = 0; press < 450; press += 1) told = told.tells(stranger, promote());
    const { chain, summary } = await evidenceOf(told, 'survival-1');
    expect([chain.last.seq, chain.next, summary.over]).toEqual([told.state.seq, null, false]);
  });

  it.each([['survival-2'], ['survival-999'], ['other-1'], ['survival-0'], ['survival-01'], ['survival-x']])(
    'finds nothing under %s',
    async (id) => {
      expect(await collectEvidence(storeOf(storedOf(story().promotes(1))), 'survival', id)).toEqual({ kind: 'none' });
    },
  );

  it('exports nothing from a record that is not whole', async () => {
    const stored = storedOf(story().promotes(1));
    const holed = stored.filter(({ seq }) => seq !== 3);
    expect(await collectEvidence(storeOf(holed), 'survival', 'survival-1')).toMatchObject({ kind: 'broken', seq: 3 });
  });
});

describe('the summary', () => {
  it('tells voided approvals from those that opened prod', async () => {
    const told = story()
      .begins(1)
      .to('gate')
      .approvedBy('U0ANNA')
      .records([{ type: 'ApprovalsVoided', rolloutId: 'survival-1', reason: reason('approvals-void') }]);
    const { summary } = await evidenceOf(told.approval('U0ABEL'), 'survival-1');
    expect(summary).toMatchObject({
      approvals: [
        { by: 'U0ANNA', voided: true },
        { by: 'U0ABEL', voided: false },
      ],
    });
  });

  it('tells an approval that was taken back, the time that was chosen, and a broken glass with who signed it off', async () => {
    const gate = story({ quorum: 2, breakGlass: true, mandatoryGroup: true }).begins(1).to('gate');
    const given = gate.tells(mandatoryApprover, promote(null, { inMs: 3_600_000 })).tells(approver, promote());
    const id = gate.subject;
    const taken = gate.tells(approver, promote()).tells(approver, withdraw()).tells(secondApprover, breakGlass());
    const planned = await evidenceOf(given, id);
    expect(planned.summary).toMatchObject({
      notBefore: expect.any(String),
      glass: null,
      approvals: [
        { by: 'U0MAYA', mandatory: true, withdrawnAt: null },
        { by: 'U0ANNA', mandatory: false },
      ],
    });
    const broken = await evidenceOf(taken.to('ended').tells(approver, review(id)), id);
    expect(broken.summary).toMatchObject({
      approvals: [{ by: 'U0ANNA', withdrawnAt: expect.any(String) }],
      glass: { by: 'U0ABEL', reason: 'passengers wait', review: { by: 'U0ANNA', note: 'it was needed' } },
    });
    expect(evidenceMarkdown(broken)).toContain('| Signed off | U0ANNA');
  });

  it('says that nobody is known as requester, and how many approvals that needs', async () => {
    const told = story().begins(1, { requester: null, quorum: 2 });
    const { summary } = await evidenceOf(told, 'survival-1');
    expect(summary).toMatchObject({ requester: null, quorum: 2, askedBy: { kind: 'titanic', id: null } });
  });
});

describe('verifying a file', () => {
  it('names a finished rollout whose last entries were left out, although all the rest fits', async () => {
    const stored = storedOf(story().promotes(1));
    const cut = await exported(stored.slice(0, -1), 'survival-1');
    expect(says(cut)).toEqual([]);
    const next = stored.at(-1);
    if (next === undefined) throw new Error('no entry');
    const { seq, hash, prevHash } = next;
    const pretended = fitting({ ...cut, chain: { ...cut.chain, next: { seq, hash, prevHash } } });
    expect(says(pretended)).toEqual([
      `The file ends with entry ${seq - 1}, but survival-1 went on: entries are missing at the end.`,
    ]);
  });

  it('names an entry that is true but belongs to what came later', async () => {
    const told = story().promotes(1);
    const document = await evidenceOf(told, 'survival-1');
    const extra = storedOf(told.begins(2)).at(-1);
    if (extra === undefined) throw new Error('no entry');
    const { seq, hash } = extra;
    const chain = { ...document.chain, entries: [...document.chain.entries, extra], last: { seq, hash } };
    expect(says(fitting({ ...document, chain }))).toEqual([
      `Entry ${seq} does not belong: survival-1 was over before it.`,
    ]);
  });

  it('says which field of the summary was changed', async () => {
    const document = await evidenceOf(story().promotes(1), 'survival-1');
    if (document.summary.kind !== 'rollout') throw new Error('no rollout');
    const summary = { ...document.summary, approvers: ['U0MALLORY'] };
    expect(says(fitting({ ...document, summary }))).toEqual(['summary.approvers.0 is not what the entries say.']);
  });

  it('refuses the evidence of something else under this id', async () => {
    const told = story().promotes(1).promotes(2);
    const second = told.state.ended[0]?.id ?? '';
    const document = await evidenceOf(told, second);
    expect(says(fitting({ ...document, id: 'survival-1' }))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^Entries 1 to \d+ are missing\.$/)]),
    );
  });

  it.each([
    ['', 'not JSON'],
    ['null', 'expected object'],
    ['[]', 'This is no file of evidence'],
    ['{"name":"titanic","version":"0.1.0"}', 'This is no file of evidence'],
    ['{"format":"titanic-evidence/2"}', 'use the release that wrote it'],
    ['{"format":"something"}', 'titanic-evidence/1'],
  ])('says what is wrong with %j', (text, words) => {
    const { findings, document } = verifyEvidence(text);
    expect(document).toBeNull();
    expect(findings[0]?.says).toContain(words);
  });

  it('says that a newer titanic wrote an entry, instead of calling it broken', async () => {
    const odd = {
      type: 'CommandRefused',
      verb: 'x',
      rolloutId: null,
      by: 'U',
      reason: { code: 'of-the-future' },
    } as const;
    const told = story()
      .begins(1)
      .records([odd as never], { reason: { code: 'of-the-future' } as never });
    const document = await evidenceOf(story().begins(1), 'survival-1');
    const stored = storedOf(told);
    const last = stored.at(-1);
    if (last === undefined) throw new Error('no entry');
    const chain = { ...document.chain, entries: [...stored], last: { seq: last.seq, hash: last.hash } };
    expect(verifyEvidence(evidenceText(fitting({ ...document, chain }))).findings).toMatchObject([
      { kind: 'newer', seq: last.seq },
    ]);
  });
});

describe('the readable form', () => {
  it('keeps text from outside from being read as Markdown or HTML', async () => {
    const told = story()
      .begins(1)
      .records([
        {
          type: 'CommandRefused',
          verb: 'promote',
          rolloutId: 'survival-1',
          by: 'U0SAM | <script>alert(1)</script>\n# Approved',
          reason: reason('manual', { reason: '[click](http://example.com) | `x`' }),
        },
      ]);
    const markdown = evidenceMarkdown(await evidenceOf(told, 'survival-1'));
    expect(markdown).not.toContain('<script>');
    expect(markdown).not.toMatch(/^# Approved/m);
    expect(markdown).not.toContain('](http');
    expect(markdown.match(/U0SAM.*/)?.[0]).toContain('\\| \\<script\\>');
  });
});
