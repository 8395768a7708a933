import type { Rendered } from '../src/ports/channel.ts';
import type { Card } from '../src/rollout/card.ts';
import type { ModelFacts } from '../src/rollout/model-facts.ts';
import type { ModelApproval } from '../src/rollout/state.ts';
import { askedBy, REQUESTER_UNKNOWN } from './asked-by.ts';
import { actions, type Button, blocksOf, type Cell, context, header, paragraph, table } from './block.ts';
import { shortDigest, versionWords } from './candidate-words.ts';
import { ACTIONS } from './ids.ts';
import { at, bold, code, fallbackText, type Line, person, text } from './inline.ts';
import { PIECES } from './limits.ts';
import { reasonLine } from './reason-line.ts';
import { utc } from './when.ts';

export type ModelCard = Extract<Card, { kind: 'model' }>;
export type ModelAlarmCard = Extract<Card, { kind: 'model-alarm' }>;

const LONGEST_CELL = 120;

/** The question whether a package is fit, with what the registry knows of it beside what prod runs. */
export function modelCard({ id, service, approval, runsInProd }: ModelCard): Rendered {
  const title = headline(service, approval);
  const asked = askedLines(approval);
  const facts = factRows(approval.facts, approval.beside);
  const now = nowLines(approval, runsInProd);
  const beside = approval.beside === null ? [] : [{ title: 'In prod', wrapped: true }];
  const told = facts.map(
    ([name, mine, theirs]): Line => [
      bold(`${name} `),
      text(mine, LONGEST_CELL),
      ...(approval.beside === null ? [] : [text(` (prod: ${theirs})`, LONGEST_CELL)]),
    ],
  );
  return {
    text: fallbackText([[text(title)], ...asked, ...told, ...now, ...inWords(approval)]),
    blocks: blocksOf(
      header(title),
      paragraph(asked),
      table(
        [{ title: 'What the registry says' }, { title: `Version ${approval.version}`, wrapped: true }, ...beside],
        facts.map(([name, mine, theirs]): Cell[] => (approval.beside === null ? [name, mine] : [name, mine, theirs])),
        LONGEST_CELL,
      ),
      paragraph(now),
      actions(buttons(id, approval, runsInProd)),
      context(id),
    ),
  };
}

/** What prod runs was rejected by somebody, outside of titanic. */
export function modelAlarmCard({ id, service, alarm, target }: ModelAlarmCard): Rendered {
  const title = `⛔ ${service}: the model of prod was rejected`;
  const lines: Line[] = [
    [
      bold(`Version ${alarm.version} `),
      text(alarm.by === null ? 'was rejected outside of titanic, seen ' : 'was rejected, '),
      at(alarm.at),
    ],
  ];
  if (alarm.over) lines.push([text('prod runs something else by now.')]);
  else
    lines.push([
      text(target === null ? 'There is nothing to go back to.' : `Before it, prod ran ${versionWords(target)}.`),
    ]);
  return {
    text: fallbackText([[text(title)], ...lines]),
    blocks: blocksOf(
      header(title),
      paragraph(lines),
      actions(alarm.over || target === null ? [] : [leaveButton(id)]),
      context(id),
    ),
  };
}

function headline(service: string, { version, verdict, ended }: ModelApproval): string {
  const what = `${service}: model version ${version}`;
  if (ended === null) return verdict === null ? `${what} to approve` : `${what}: the registry is being told`;
  switch (ended.outcome) {
    case 'approved':
    case 'approved-outside':
      return `✅ ${what} is approved`;
    case 'rejected':
    case 'rejected-outside':
      return `⛔ ${what} is rejected`;
    case 'expired':
      return `${what}: nobody decided in time`;
    case 'failed':
      return `⛔ ${what} could not be decided`;
  }
}

function askedLines(approval: ModelApproval): readonly Line[] {
  const { note, askedAt, deploys, expiresAt, verdict, ended } = approval;
  const lines: Line[] = [];
  if (deploys) {
    lines.push([bold('To be deployed for '), ...askedBy(approval, REQUESTER_UNKNOWN), text(', '), at(askedAt)]);
  }
  if (note !== null) lines.push([bold('Note '), text(note, PIECES.note)]);
  if (verdict !== null) {
    lines.push([
      bold(verdict.approve ? 'Approved by ' : 'Rejected by '),
      person(verdict.by),
      text(', '),
      at(verdict.at),
    ]);
    if (verdict.reason !== null) lines.push([bold('Reason '), text(verdict.reason, PIECES.reason)]);
  } else if (ended === null) {
    lines.push([bold('Until '), at(expiresAt), text(' an approver who did not ask for it decides')]);
  }
  return lines;
}

type Row = readonly [string, string, string];

function factRows(mine: ModelFacts, theirs: ModelFacts | null): readonly Row[] {
  const row = (name: string, of: (facts: ModelFacts) => string | null): Row => [
    name,
    of(mine) ?? '–',
    theirs === null ? '–' : (of(theirs) ?? '–'),
  ];
  const metrics = [...new Set([...Object.keys(mine.metrics), ...Object.keys(theirs?.metrics ?? {})])];
  return [
    row('version', (facts) => (facts.version === null ? null : String(facts.version))),
    row('description', (facts) => facts.description),
    ...metrics.map((name) => row(name, (facts) => facts.metrics[name] ?? null)),
    row('made by', (facts) => facts.createdBy),
    row('made at', (facts) => (facts.createdAt === null ? null : utc(facts.createdAt))),
    row('from commit', (facts) => facts.commit),
    row('of', (facts) => facts.repository),
    row('image', (facts) => facts.image),
    row('digest', (facts) => shortDigest(facts.imageDigest)),
    row('model data', (facts) => facts.modelData),
  ].filter(([, one, other]) => one !== '–' || other !== '–');
}

function nowLines({ ended }: ModelApproval, runsInProd: boolean): readonly Line[] {
  const lines: Line[] = [];
  if (ended !== null) lines.push([bold('Ended '), at(ended.at)], reasonLine(ended.reason));
  if (runsInProd) lines.push([bold('prod runs it. '), text('An operator or approver can go back.')]);
  return lines;
}

function buttons(id: string, { version, verdict, ended }: ModelApproval, runsInProd: boolean): readonly Button[] {
  if (runsInProd) return [leaveButton(id)];
  return verdict !== null || ended !== null ? [] : modelButtons(id, version);
}

/** Yes or no about a package. */
export function modelButtons(id: string, version: number): readonly Button[] {
  return [
    {
      actionId: ACTIONS.approveModel,
      text: 'Approve model',
      value: id,
      style: 'primary',
      confirm: {
        title: `Approve version ${version}?`,
        text: `The Model Registry is told that version ${version} is Approved, in your name.`,
        confirm: 'Approve',
        danger: false,
      },
    },
    { actionId: ACTIONS.rejectModel, text: 'Reject model', value: id, style: 'danger' },
  ];
}

function leaveButton(id: string): Button {
  return {
    actionId: ACTIONS.leaveRejected,
    text: 'Roll back prod',
    value: id,
    style: 'danger',
    confirm: {
      title: 'Roll back prod?',
      text: 'prod goes back to what ran before the rejected version, and is held.',
      confirm: 'Roll back',
      danger: true,
    },
  };
}

function inWords({ version, verdict, ended }: ModelApproval): readonly Line[] {
  if (verdict !== null || ended !== null) return [];
  return [
    [code(`/titanic approve-model ${version}`), text(' or '), code(`/titanic reject-model ${version} -- reason`)],
  ];
}
