import type { Request } from '../../src/rollout/api.ts';
import type { DirectedLife } from './directed-life.ts';
import { APPROVERS } from './sim-slack.ts';
import type { Setting } from './world.ts';

/** Packages that nobody has decided about, and people who want them. */
function manyPending(own: Setting): Partial<Setting> {
  return {
    manners: { ...own.manners, pendingEveryMs: 90_000 },
    outside: { ...own.outside, packageEveryMs: 90_000, pendingPackages: 0.8 },
  };
}

/** About approvals in the Model Registry. */
export const MODEL_LIVES = {
  'asleep-with-a-verdict': {
    what: 'the machine is suspended for minutes with what it is about to tell the Model Registry',
    setting: manyPending,
    fault: (name, { chance }) => (name === 'registry.setStatus' && chance.happens(0.5) ? 'freeze-before' : 'none'),
    freezeMs: [150_000, 900_000],
  },
  'who-asks-approves': {
    what: 'whoever asks for a package that is pending wants to approve it, and who approved it asks for its rollout',
    setting: manyPending,
    reactTo(service, event, { chance, after, press, versionOf }) {
      if (event.type === 'ModelApprovalAsked' && event.requester !== null) {
        const { approvalId, requester } = event;
        const approve: Request = { verb: 'approve-model', approvalId, version: null, reason: null };
        after(chance.between(50, 2_000), () => press(requester, service, approve));
        after(chance.between(2_000, 4_000), () => press('UALICE', service, approve));
      }
      if (event.type === 'GateOpened' && chance.happens(0.5)) {
        const version = versionOf(service, event.rolloutId);
        if (version !== null)
          after(50, () => press('UALICE', service, { verb: 'deploy', model: { version }, note: null }));
      }
    },
  },
  'rejected-on-the-way': {
    what: 'the model is rejected when its rollout is approved for prod, and the Model Registry cannot be told for a while',
    reactTo(service, event, hands) {
      if (event.type !== 'PromotionApproved') return;
      const { chance, after, press } = hands;
      hands.outage('registry.setStatus', 60_000);
      const version = hands.versionOf(service, event.rolloutId);
      after(chance.between(1, 2_000), () =>
        press(chance.pick(APPROVERS), service, { verb: 'reject-model', approvalId: null, version, reason: 'no' }),
      );
    },
  },
} as const satisfies Readonly<Record<string, DirectedLife>>;
