import { clean, code, type Row, section, table } from '../evidence/markdown-parts.ts';
import { minute } from '../rollout/entry-words.ts';
import type { Rollout } from '../rollout/state.ts';
import { type Context, Unavailable } from './context.ts';
import { rolloutWords } from './views.ts';

/** What a pipeline's page is told. */
export interface Summarised {
  readonly service: string;
  readonly fine: boolean;
  /** How it came out. */
  readonly words: string;
  readonly rollout: Rollout | null;
  readonly hint: string | null;
  /** Where the approvers are asked. */
  readonly channel: string;
}

/** Adds the summary to a file: a step of a pipeline may not be the only one that writes there. */
export function addSummary(context: Context, file: string, about: Summarised): void {
  try {
    context.appendFile(file, summaryMarkdown(about));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Unavailable(`${file} cannot be written: ${why}. What was recorded stands.`);
  }
}

/** How it came out, as Markdown. Pure. What came from outside cannot write Markdown of its own. */
export function summaryMarkdown(about: Summarised): string {
  const { service, fine, words, rollout, hint } = about;
  return [
    `## ${fine ? '✅' : '⛔'} titanic: ${code(service)}`,
    clean(words),
    ...(rollout === null ? [] : [factsTable(rollout), ...smokeParts(rollout), ...whatNext(rollout, about.channel)]),
    ...(hint === null ? [] : [`ℹ️ ${clean(hint)}`]),
    '',
  ].join('\n\n');
}

function factsTable(rollout: Rollout): string {
  const { id, candidate, requester, githubUser, note, quorum } = rollout;
  const who = [requester, githubUser === null ? null : `GitHub user ${githubUser}`].filter((name) => name !== null);
  return table(
    ['', ''],
    [
      ['Rollout', code(id)],
      ['Model package', code(candidate.packageArn)],
      ['State', clean(rolloutWords(rollout))],
      ['Asked for by', who.length === 0 ? 'nobody known' : clean(who.join(', '))],
      ['Approvals needed', `${quorum}, by others`],
      ...(note === null ? [] : [['Note', clean(note)] as const]),
    ],
  );
}

function smokeParts({ smoke }: Rollout): readonly string[] {
  if (smoke === null) return [];
  const { numbers: n, verdict, why } = smoke;
  const notOk: Row[] = [
    ...smoke.cases.filter(({ ok }) => !ok).map((c) => [clean(c.name), clean(c.why ?? 'not ok'), '']),
    ...smoke.findings.filter(({ ok }) => !ok).map((f) => [clean(f.check), clean(f.measured), clean(f.threshold)]),
  ];
  const numbers = table(
    ['Verdict', 'Requests', 'p50 ms', 'p95 ms', 'p99 ms', 'Errors'],
    [[verdict, String(n.n), ms(n.p50Ms), ms(n.p95Ms), ms(n.p99Ms), `${Math.round(n.errorRate * 10_000) / 100} %`]],
  );
  const parts = [numbers, ...(why === null ? [] : [clean(why)])];
  if (notOk.length > 0) parts.push(table(['Not as it should be', 'Found', 'Wanted'], notOk));
  return [section('Smoke tests on staging', parts.join('\n\n'))];
}

function whatNext(rollout: Rollout, channel: string): readonly string[] {
  if (rollout.status === 'held') return [`Somebody has to decide on its card in the Slack channel ${code(channel)}.`];
  if (rollout.status !== 'gate') return [];
  const { requester, gate, id } = rollout;
  const who = requester === null ? '' : ` ${clean(requester)}, who asked for it, cannot.`;
  return [
    `An approver decides about prod on its card in the Slack channel ${code(channel)}, until ${minute(gate.expiresAt)}, or with ${code(`/titanic promote ${id}`)}.${who} No pipeline can.`,
  ];
}

function ms(value: number | null): string {
  return value === null ? '–' : String(Math.round(value * 10) / 10);
}
