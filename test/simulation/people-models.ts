import type { Event } from '../../src/rollout/events.ts';
import type { Means } from './people.ts';
import { APPROVERS, OPERATORS, PEOPLE } from './sim-slack.ts';

/** What people do about packages in the Model Registry through titanic. */
export function createModelDeeds({ chance, time, press, soon, patienceMs, isLively, state, pending }: Means) {
  function askForPending(service: string): void {
    const versions = pending(service);
    if (versions.length === 0) return;
    const version = chance.happens(0.6) ? (versions.at(-1) ?? 1) : chance.pick(versions);
    const person = chance.happens(0.95) ? chance.pick(OPERATORS) : chance.pick(PEOPLE);
    press(person, service, { verb: 'deploy', model: { version }, note: 'new' });
  }

  /** By the button on the card, or in words. */
  function decide(service: string, asked: { approvalId: string; version: number }, who: string, approve: boolean) {
    const { approvalId, version } = asked;
    const which = chance.happens(0.8) ? { approvalId, version: null } : { approvalId: null, version };
    press(who, service, { verb: approve ? 'approve-model' : 'reject-model', ...which, reason: null });
  }

  function answer(service: string, asked: { approvalId: string; version: number; requester: string | null }): void {
    const count = chance.below(4);
    for (let i = 0; i < count; i++) {
      soon(patienceMs, () => {
        const own = asked.requester !== null && chance.happens(0.2) ? asked.requester : null;
        const who = own ?? (chance.happens(0.85) ? chance.pick(APPROVERS) : chance.pick(PEOPLE));
        const approve = chance.happens(0.7);
        decide(service, asked, who, approve);
        if (chance.happens(0.2)) soon(4_000, () => decide(service, asked, chance.pick(APPROVERS), chance.happens(0.6)));
      });
    }
    // Long after it was decided.
    if (chance.happens(0.25)) {
      time.after(chance.spread(60_000, 5_400_000), () => {
        if (isLively()) decide(service, asked, chance.pick(APPROVERS), chance.happens(0.6));
      });
    }
  }

  function reject(service: string, version: number): void {
    press(chance.pick(APPROVERS), service, { verb: 'reject-model', approvalId: null, version, reason: 'not fit' });
  }

  /** Of the rollout, while it waits, when it was just approved, or when it arrived. */
  function rejectOf(service: string, rolloutId: string, longestMs: number): void {
    const rollout = state(service).rollouts.find((r) => r.id === rolloutId);
    if (rollout !== undefined) soon(longestMs, () => reject(service, rollout.candidate.version));
  }

  return {
    askForPending,
    /** Something of it that nobody asked about. */
    odd(service: string, versions: number): void {
      const verb = chance.happens(0.5) ? 'approve-model' : 'reject-model';
      const version = 1 + chance.below(versions);
      press(chance.pick(PEOPLE), service, { verb, approvalId: null, version, reason: null });
    },
    reactTo(service: string, event: Event): void {
      switch (event.type) {
        case 'ModelApprovalAsked':
          answer(service, event);
          break;
        case 'GateOpened':
          if (chance.happens(0.06)) rejectOf(service, event.rolloutId, patienceMs);
          break;
        case 'PromotionApproved':
          if (chance.happens(0.08)) rejectOf(service, event.rolloutId, 20_000);
          break;
        case 'DeploymentSucceeded': {
          const version = state(service).environments.prod.deployment?.target.version ?? null;
          if (event.environment === 'prod' && version !== null && chance.happens(0.06)) {
            soon(300_000, () => reject(service, version));
          }
          break;
        }
        case 'ModelRejectionSeen': {
          const alarmId = event.approvalId;
          const times = chance.below(3);
          for (let i = 0; i < times; i++) {
            const who = chance.happens(0.8) ? chance.pick([...OPERATORS, ...APPROVERS]) : chance.pick(PEOPLE);
            soon(patienceMs, () => press(who, service, { verb: 'leave-rejected', alarmId }));
          }
          break;
        }
        default:
      }
    },
  };
}
