import { type CommandContext, no, type Verdict, yes } from './decide-command.ts';
import { decideRollback } from './decide-rollback.ts';
import type { Event } from './events.ts';
import type { CoreCommand } from './input.ts';
import { type ModelFacts, modelFacts } from './model-facts.ts';
import { without } from './mutations.ts';
import { type Reason, reason } from './reasons.ts';
import { voidedByRejection } from './rejected-rollouts.ts';
import { requesterOf } from './requester.ts';
import type { PendingPackage } from './seal.ts';
import { toldOtherwise } from './told-otherwise.ts';

type Judged = Extract<CoreCommand, { verb: 'approve-model' | 'reject-model' }>;
type Deploy = Extract<CoreCommand, { verb: 'deploy' }>;

/** Open approvals of a service at the same time. */
const OPEN_MOST = 10;

/** `deploy` of a package that is pending: approvers are asked, and the deploy goes on by itself. */
export function askForApproval(c: CommandContext, command: Deploy, pending: PendingPackage): Verdict {
  const { version, packageArn, facts } = pending;
  const { state } = c;
  const open = state.approvals.find((a) => a.packageArn === packageArn);
  if (open !== undefined) return no(reason('package-pending', { version }), open.id);
  if (state.approvals.length >= OPEN_MOST) return no(reason('too-many-approvals', { open: OPEN_MOST }));
  const id = `${c.settings.service}-${state.seq + 1}`;
  const requester = requesterOf(c, command);
  const { githubUser } = command;
  const asked = askedEvent(c, { id, packageArn, version, facts, beside: command.beside ?? null });
  return yes(
    reason('model-approval-asked', { version }),
    [
      {
        ...asked,
        requester,
        ...(githubUser === undefined ? {} : { githubUser }),
        note: command.note,
        deploys: true,
        unchecked: command.unchecked === true,
      },
    ],
    id,
  );
}

/** **Approve model**, **Reject model**, and the same in words, for packages that nobody has asked about as well. */
export function decideModel(c: CommandContext, command: Judged): Verdict {
  const { state, who } = c;
  const approve = command.verb === 'approve-model';
  const asked = state.approvals.find((a) => a.id === command.approvalId);
  if (command.approvalId !== null && asked === undefined) {
    const over = state.endedApprovals.find((a) => a.id === command.approvalId);
    return no(
      over?.ended == null ? reason('no-model-approval') : overReason(over.version, over.ended),
      command.approvalId,
    );
  }
  if (command.found.kind === 'unknown') return no(reason('registry-unreadable', { why: command.found.why }));
  const found = command.found.value;
  const { version, group } = found ?? { version: null, group: null };
  if (found === null || version === null || group === null) {
    const group = c.settings.modelPackageGroup;
    return no(reason('package-not-found', { version: command.version ?? asked?.version ?? '', group }));
  }
  const open = asked ?? state.approvals.find((a) => a.packageArn === found.arn);
  const subject = open?.id ?? null;
  if (c.input.actor.kind !== 'person') return no(reason('pipeline-cannot-approve'), subject);
  // Also after it was rejected or ran out: it is still the package that they asked for.
  const asking = [...state.approvals, ...state.endedApprovals].filter((a) => a.packageArn === found.arn);
  const own = asking.some((a) => a.requester === who) && !without(c.settings.mutations, 'requester-approves-the-model');
  if (approve && own) {
    return no(reason('requester-cannot-approve-model'), subject);
  }
  if (open !== undefined && open.verdict !== null && !without(c.settings.mutations, 'model-decided-again')) {
    const { by, at } = open.verdict;
    const what = open.verdict.approve ? 'approved' : 'rejected';
    return no(reason('model-decided', { version, what, by, at }), subject);
  }
  const wanted = approve ? 'Approved' : 'Rejected';
  const otherwise = toldOtherwise(state, { packageArn: found.arn, approve }, c.settings, c.nowMs);
  if (found.approval === wanted && !otherwise)
    return no(reason('model-is-already', { version, status: wanted }), subject);
  if (approve && found.status !== 'Completed') {
    return no(reason('package-not-completed', { version, status: found.status }), subject);
  }
  const id = open?.id ?? `${c.settings.service}-${state.seq + 1}`;
  const facts = modelFacts(found);
  const begun: readonly Event[] =
    open === undefined
      ? [
          {
            ...askedEvent(c, { id, packageArn: found.arn, version, facts, beside: null }),
            requester: null,
            note: null,
            deploys: false,
            unchecked: false,
          },
        ]
      : [];
  const decided: Event = { type: 'ModelDecided', approvalId: id, by: who, approve, reason: command.reason };
  const words = approve ? 'model-approval-recorded' : 'model-rejection-recorded';
  const spared = approve || without(c.settings.mutations, 'rejection-voids-nothing');
  const over = spared ? [] : voidedByRejection(state, found.arn, who);
  return yes(reason(words, { version }), [...begun, decided, ...over], id);
}

/** **Roll back prod** on the card that tells that the model of prod was rejected: only while that is still so. */
export function decideLeaveRejected(c: CommandContext, alarmId: string): Verdict {
  const { rejectedInProd } = c.state;
  if (rejectedInProd === null || rejectedInProd.id !== alarmId || rejectedInProd.over) {
    return no(reason('model-left-already'), alarmId);
  }
  const why = `version ${rejectedInProd.version} was rejected in the Model Registry`;
  return decideRollback(c, { verb: 'rollback', environment: 'prod', toVersion: null, reason: why, furtherThan: null });
}

function askedEvent(
  c: CommandContext,
  about: {
    readonly id: string;
    readonly packageArn: string;
    readonly version: number;
    readonly facts: ModelFacts;
    readonly beside: ModelFacts | null;
  },
) {
  const { id, packageArn, version, facts, beside } = about;
  const expiresAt = new Date(c.nowMs + c.settings.approvalExpiresAfterHours * 3_600_000).toISOString();
  return { type: 'ModelApprovalAsked', approvalId: id, packageArn, version, facts, beside, expiresAt } as const;
}

function overReason(
  version: number,
  over: { readonly reason: Reason; readonly by: string | null; readonly at: string },
) {
  const what = over.reason.code === 'model-rejected' ? 'rejected' : 'over';
  return reason('model-decided', { version, what, by: over.by ?? 'titanic', at: over.at });
}
