import { describe, expect, it } from 'vitest';
import { complete } from '../../sandbox/page/browser/text/completion.ts';
import { calledIn } from '../../sandbox/page/browser/text/mentions.ts';
import { parseMrkdwn } from '../../sandbox/page/browser/text/mrkdwn.ts';
import { formatSlackDate } from '../../sandbox/page/browser/text/slack-date.ts';
import { pageSetup } from '../../sandbox/page/page-setup.ts';
import type { JsonObject } from '../../sandbox/page/wire.ts';

const text = (words: string) => ({ kind: 'text', text: words });

describe('mrkdwn on the page', () => {
  it('shows escaped markup as the characters that were meant', () => {
    expect(parseMrkdwn('&lt;!channel&gt; &amp;lt;')).toEqual([text('<!channel> &lt;')]);
  });

  it('shows markup that nobody escaped as what it does', () => {
    expect(parseMrkdwn('<!channel> <@U0ALICE> <!subteam^S0APPROVERS> <https://example.com|home>')).toEqual([
      { kind: 'broadcast', range: 'channel' },
      text(' '),
      { kind: 'person', id: 'U0ALICE', label: null },
      text(' '),
      { kind: 'group', id: 'S0APPROVERS', label: null },
      text(' '),
      { kind: 'link', url: 'https://example.com', text: 'home' },
    ]);
  });

  it('reads style marks only at the edges of words', () => {
    expect(parseMrkdwn('snake_case_stays 2*3*4 *bold _and leaning_*')).toEqual([
      text('snake_case_stays 2*3*4 '),
      { kind: 'bold', pieces: [text('bold '), { kind: 'italic', pieces: [text('and leaning')] }] },
    ]);
  });

  it('finds no markup inside code', () => {
    expect(parseMrkdwn('`*a* <@U1>` ```\n<!here>\n```')).toEqual([
      { kind: 'code', text: '*a* <@U1>' },
      text(' '),
      { kind: 'pre', text: '<!here>' },
    ]);
  });

  it('keeps lines that begin with > together as a quote', () => {
    expect(parseMrkdwn('before\n&gt; one\n&gt; two\nafter')).toEqual([
      text('before'),
      { kind: 'quote', pieces: [text('one'), { kind: 'break' }, text('two')] },
      text('after'),
    ]);
  });

  it('falls back to the words of a date that is none', () => {
    expect(parseMrkdwn('<!date^soon^{date}|soon>')).toEqual([text('soon')]);
    expect(parseMrkdwn('<!date^1700000000^{date_num}|then>')).toEqual([
      { kind: 'date', seconds: 1_700_000_000, format: '{date_num}', fallback: 'then' },
    ]);
  });
});

describe('whom a message calls', () => {
  const said = (elements: object[]) => [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }];

  it('hears people, groups and everybody', () => {
    expect([...calledIn({ text: '<@U1> <!subteam^S1> <!here>', blocks: [] })]).toEqual(['U1', 'S1', 'everybody']);
    const elements = [
      { type: 'user', user_id: 'U1' },
      { type: 'text', text: ' and ' },
      { type: 'broadcast', range: 'here' },
    ];
    expect([...calledIn({ text: '', blocks: said(elements) as JsonObject[] })]).toEqual(['U1', 'everybody']);
  });

  it('does not take words for a call', () => {
    const blocks = said([{ type: 'text', text: '<!channel> <@U1>' }]) as JsonObject[];
    expect(calledIn({ text: '&lt;!channel&gt;', blocks }).size).toBe(0);
    expect(calledIn({ text: '&lt;!channel&gt; `<@U1>`', blocks: [] }).size).toBe(0);
  });
});

describe('dates on the page', () => {
  const noon = new Date(2026, 10, 23, 12, 0).getTime();

  it('says today, yesterday and tomorrow as Slack does', () => {
    const at = (hours: number) => formatSlackDate(noon / 1000 + hours * 3600, '{date_short_pretty} {time}', noon);
    expect([at(1), at(-24), at(24), at(-72)]).toEqual([
      'today 13:00',
      'yesterday 12:00',
      'tomorrow 12:00',
      'Nov 20, 2026 12:00',
    ]);
  });

  it('leaves a token that it does not know as it is', () => {
    expect(formatSlackDate(noon / 1000, '{moon}', noon)).toBe('{moon}');
  });
});

describe('the composer', () => {
  const { command, commandWords } = pageSetup();
  const known = { rollouts: ['survival-18', 'survival-1'], versions: [{ version: 3, does: 'Approved' }] };
  const labels = (typed: string) => complete(typed, command, commandWords, known).map(({ label }) => label);

  it('offers the command, then its words', () => {
    expect(labels('/ti')).toEqual(['/titanic']);
    expect(labels('/titanic rol')[0]).toMatch(/^rollback /);
  });

  it('offers what a word stands for', () => {
    expect(labels('/titanic deploy ')).toEqual(['staging']);
    expect(labels('/titanic promote ')).toEqual(['survival-18', 'survival-1']);
    expect(labels('/titanic deploy staging --model ')).toEqual(['3']);
  });

  it('offers nothing in free text', () => {
    expect(labels('/titanic rollback -- pro')).toEqual([]);
    expect(labels('hello')).toEqual([]);
  });
});
