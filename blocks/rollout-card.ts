import type { Prices } from '../src/cost/prices.ts';
import type { Rendered } from '../src/ports/channel.ts';
import type { RolloutCard } from '../src/rollout/card-of-rollout.ts';
import type { BrokenGlass, Gate } from '../src/rollout/state.ts';
import { askedBy, REQUESTER_UNKNOWN } from './asked-by.ts';
import { blocksOf, context, header, paragraph } from './block.ts';
import { capacityWords, shortDigest, versionWords } from './candidate-words.ts';
import { decisionLines } from './decision-lines.ts';
import { endingLines } from './ending-lines.ts';
import { guardLines, type OldFleet } from './guard-lines.ts';
import { holdLines } from './hold-lines.ts';
import { sparedLine } from './idle-lines.ts';
import { at, bold, code, fallbackText, type Line, people, person, text } from './inline.ts';
import { latencyChart } from './latency-chart.ts';
import { PIECES } from './limits.ts';
import { progressLines, sinceLine } from './progress-lines.ts';
import { reasonLine } from './reason-line.ts';
import { rolloutButtons, rolloutInWords } from './rollout-choices.ts';
import { rolloutHeadline, stepsWords } from './rollout-headline.ts';
import { smokeComplaints, smokeSummary, smokeTable } from './smoke-words.ts';
import { wayBackLines } from './way-back.ts';

/** The card of a rollout, made of the record alone: every state of it has the same body. */
export function rolloutCard(card: RolloutCard, prices: Prices | null = null): Rendered {
  const { rollout, before } = card;
  const { smoke } = rollout;
  const serving = card.doing?.guard?.keptUntil != null;
  const title = `${card.service} version ${rollout.candidate.version}: ${rolloutHeadline(rollout, serving)}`;
  const facts = [
    ...askedLines(card),
    ...changeLines(card),
    ...decisionLines(card, prices),
    ...wayBackLines(card),
    ...gateLines(card),
  ];
  const now = [...standingLines(card, prices), ...heldLines(card)];
  const inWords = rolloutInWords(card);
  return {
    text: fallbackText([[text(title)], ...facts, ...smokeLines(card), ...now, ...inWords]),
    blocks: blocksOf(
      header(title),
      paragraph(facts),
      smoke === null ? null : smokeTable(smoke, before, rollout.prodCheck),
      smoke === null ? null : latencyChart(smoke, before),
      paragraph(now),
      rolloutButtons(card),
      context(`${card.id}   ${stepsWords(rollout)}`),
    ),
  };
}

function askedLines({ rollout }: RolloutCard): readonly Line[] {
  const asked: Line = [bold('Asked by '), ...askedBy(rollout, REQUESTER_UNKNOWN), text(', '), at(rollout.startedAt)];
  return rollout.note === null ? [asked] : [asked, [bold('Note '), text(rollout.note, PIECES.note)]];
}

/** What would change, or changed, in prod. */
function changeLines(card: RolloutCard): readonly Line[] {
  const { candidate } = card.rollout;
  const before = card.before.target;
  return [
    [
      bold('Model '),
      text(before === null ? 'nothing in prod' : versionWords(before)),
      text(` → version ${candidate.version}`),
    ],
    [
      bold('Image '),
      text(before === null ? 'none' : shortDigest(before.imageDigest)),
      text(' → '),
      text(shortDigest(candidate.imageDigest)),
    ],
    [
      bold('Instances '),
      text(
        `staging ${capacityWords(candidate.plans.staging.capacity)}, prod ${capacityWords(candidate.plans.prod.capacity)}`,
      ),
    ],
  ];
}

/** Approvers press on what somebody found fit: who that was, as far as titanic knows. */
function modelLine({ modelApprovedBy: by }: RolloutCard['rollout']): Line {
  return by === null
    ? [bold('In the registry '), text('approved outside of titanic')]
    : [bold('In the registry '), text('approved by '), person(by)];
}

function gateLines({ rollout, stagingStopped }: RolloutCard): readonly Line[] {
  switch (rollout.status) {
    case 'gate': {
      const { approvals, expiresAt } = rollout.gate;
      const given = approvals.map((approval) => approval.by);
      const spared = sparedLine(rollout.gate.idleStopHours, stagingStopped);
      return [
        modelLine(rollout),
        [
          bold('Approvals '),
          text(`${given.length} of ${rollout.quorum} by approvers`),
          // Who asked never counts.
          ...(rollout.requester === null ? [] : [text(' other than '), person(rollout.requester)]),
          ...(given.length === 0 ? [] : [text(': '), ...people(given)]),
          text('; open until '),
          at(expiresAt),
        ],
        ...plannedLines(rollout.gate),
        ...(spared === null ? [] : [spared]),
      ];
    }
    case 'approved':
    case 'prod':
    case 'verifying':
      return [
        [bold('Approved by '), ...people(rollout.approvedBy), text(', '), at(rollout.approvedAt)],
        ...plannedLines(rollout.gate),
        ...glassLines(rollout),
      ];
    case 'ended':
      return rollout.approvedBy.length === 0
        ? []
        : [[bold('Approved by '), ...people(rollout.approvedBy)], ...glassLines(rollout)];
    case 'staging':
    case 'testing':
    case 'tested':
    case 'held':
      return [];
  }
}

function plannedLines({ notBefore }: Gate): readonly Line[] {
  return notBefore === null ? [] : [[bold('To prod '), text('not before '), at(notBefore)]];
}

/** One approver alone decided, past what stood in the way: said wherever the approval is. */
function glassLines({ id, brokenGlass: glass }: { readonly id: string; readonly brokenGlass: BrokenGlass | null }) {
  if (glass === null) return [];
  const { by, reason, over, reviewed } = glass;
  const broken: Line = [bold('Glass broken '), text('by '), person(by), text(': '), text(reason, PIECES.reason)];
  const past: Line = [bold('In its way '), text(over.join('; '), PIECES.words)];
  const signed: Line =
    reviewed === null
      ? [bold('Not signed off. '), text('Another approver: '), code(`/titanic review ${id} -- note`)]
      : [bold('Signed off '), text('by '), person(reviewed.by), text(': '), text(reviewed.note, PIECES.reason)];
  return [broken, past, signed];
}

function smokeLines({ rollout }: RolloutCard): readonly Line[] {
  return rollout.smoke === null ? [] : [[text(`Smoke tests ${smokeSummary(rollout.smoke)}`)]];
}

/** What happens now, what is waited for, how it ended. */
function standingLines(card: RolloutCard, prices: Prices | null): readonly Line[] {
  const { rollout, doing } = card;
  const lines: Line[] = [];
  if (rollout.smoke !== null && rollout.smoke.verdict !== 'passed') lines.push(...smokeComplaints(rollout.smoke));
  if (rollout.status === 'held') lines.push([bold('On hold. '), ...reasonLine(rollout.heldBecause)]);
  if (rollout.status === 'ended') lines.push(...endingLines(card, rollout));
  if (doing !== null) {
    const version = `version ${rollout.candidate.version}`;
    lines.push(...progressLines(doing), ...guardLines(doing, version, oldFleet(card), prices));
  }
  lines.push(...stepLines(card));
  if (rollout.waiting !== null) lines.push([bold('Waiting. '), ...reasonLine(rollout.waiting)]);
  if (rollout.prodCheck !== null) lines.push([bold('Check of prod '), text(smokeSummary(rollout.prodCheck))]);
  return lines;
}

function oldFleet({ before: { target }, runningPlan }: RolloutCard): OldFleet {
  return { words: target === null ? 'nothing' : versionWords(target), plan: runningPlan };
}

/** A step that measures: since when, and by when it is usually over. */
function stepLines({ rollout, usual }: RolloutCard): readonly Line[] {
  const { testing, verifying } = rollout.reached;
  const since = rollout.status === 'testing' ? testing : rollout.status === 'verifying' ? verifying : undefined;
  return since === undefined ? [] : [sinceLine(since, usual.step)];
}

function heldLines({ rollout, holds }: RolloutCard): readonly Line[] {
  return rollout.status === 'ended' ? [] : [...holdLines('staging', holds.staging), ...holdLines('prod', holds.prod)];
}
