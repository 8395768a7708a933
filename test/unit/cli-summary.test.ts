import { describe, expect, it } from 'vitest';
import { rollouts, smokeResult } from '../../blocks/samples/parts.ts';
import { summaryMarkdown } from '../../src/cli/summary.ts';

const ABOUT = { service: 'survival', fine: true, words: 'It waits.', hint: null, channel: 'C0TITANIC' };

describe('the summary for a pipeline’s page', () => {
  it('says who decides, where, and who cannot', () => {
    const text = summaryMarkdown({ ...ABOUT, rollout: rollouts.gate });
    expect(text).toMatch(/^## ✅ titanic: `survival`\n\nIt waits\.\n/);
    expect(text).toContain('| Approvals needed | 2, by others |');
    expect(text).toContain('U0OPERATOR, who asked for it, cannot. No pipeline can.');
    expect(text).toContain('`/titanic promote survival-42`');
  });

  it('names what was measured and not as wanted', () => {
    const smoke = {
      ...smokeResult(),
      verdict: 'failed',
      findings: [{ check: 'p95', measured: '900 ms', threshold: 'at most 300 ms', ok: false }],
    } as const;
    const ended = { ...rollouts.ended, smoke: { ...smoke, lastModified: '', finishedAt: '', finishedSeq: 1 } };
    const text = summaryMarkdown({ ...ABOUT, fine: false, rollout: ended });
    expect(text).toContain('⛔');
    expect(text).toContain('| p95 | 900 ms | at most 300 ms |');
    expect(text).not.toContain('/titanic promote');
  });

  it('keeps text from outside from being read as Markdown or HTML', () => {
    const bad = '<img src=x> | [a](javascript:b) `c`\n# d';
    const rollout = { ...rollouts.gate, note: bad, githubUser: bad };
    const text = summaryMarkdown({ ...ABOUT, words: bad, hint: bad, rollout });
    expect(text).not.toMatch(/(?<!\\)<img|(?<!\\)\[a|^# d/m);
    for (const line of text.split('\n').filter((each) => each.startsWith('| Note'))) {
      expect(line.match(/(?<!\\)\|/g)).toHaveLength(3);
    }
  });
});
