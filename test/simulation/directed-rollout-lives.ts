import type { Request } from '../../src/rollout/api.ts';
import { resourceName } from '../../src/rollout/names.ts';
import type { DirectedLife } from './directed-life.ts';
import { APPROVERS, GITHUB_LOGINS, PIPELINE } from './sim-slack.ts';

const isSend = (callName: string) => ['aws.create', 'aws.update', 'aws.delete'].includes(callName);

/** About rollouts, rollbacks and their cards. */
export const ROLLOUT_LIVES = {
  'asleep-at-the-wire': {
    what: 'the machine is suspended for minutes with the call in its hands',
    fault: (name, { chance }) => (isSend(name) && chance.happens(0.5) ? 'freeze-before' : 'none'),
    freezeMs: [150_000, 900_000],
  },
  'asleep-after-the-look': {
    what: 'the only replica is suspended between its look and what it decides, and the package changes meanwhile',
    setting: () => ({ replicas: 1 }),
    freezeMs: [200_000, 400_000],
    reactTo(service, event, hands) {
      if (event.type !== 'DeploymentStarted' || event.environment !== 'prod' || event.kind !== 'rollout') return;
      const { owner } = event;
      // The look that the call to prod is decided on.
      hands.meetsNext('registry.byArn', 'freeze-after');
      hands.after(hands.chance.between(500, 60_000), () => hands.changePackageOf(service, owner));
    },
  },
  'second-thoughts': {
    what: 'a rollback or a lock comes in the moment between an intent and its call',
    inFlightMs: (name, { chance }) => (name === 'store.after' ? chance.between(50, 800) : null),
    reactTo(service, event, { chance, after, press }) {
      if (event.type !== 'CallIntended') return;
      const { environment } = event;
      const asked: Request = chance.happens(0.5)
        ? { verb: 'rollback', environment, toVersion: null, reason: 'no, wait', furtherThan: null }
        : { verb: 'lock', environment, forSeconds: null, reason: 'wait' };
      after(chance.between(1, 100), () => press('UERIN', service, asked));
    },
  },
  'names-taken': {
    what: 'somebody makes a config in the console under the very name that ours is going to have in prod',
    reactTo(service, event, { takeName }) {
      if (event.type !== 'RolloutStarted') return;
      takeName(resourceName(service, 'titanic-', 'prod', event.candidate.version, event.rolloutId));
    },
  },
  'stale-describes': {
    what: 'every describe shows what was seconds ago, and endpoints move faster than that',
    setting: (own) => ({
      staleDescribes: 1,
      poll: { underWayMs: 2_000, atRestMs: 15_000 },
      temper: { ...own.temper, updateMs: () => 3_000, deleteMs: () => 2_000, silentRollback: 0.2, stampsAtEnd: true },
      manners: { ...own.manners, rollbackEveryMs: 120_000, patienceMs: 2_000 },
    }),
    reactTo(service, event, { chance, after, press }) {
      if (event.type !== 'CallDecided' && event.type !== 'DeploymentSucceeded') return;
      const { environment } = event;
      if (chance.happens(0.5)) return;
      const back: Request = { verb: 'rollback', environment, toVersion: null, reason: 'no', furtherThan: null };
      after(chance.between(50, 3_000), () => press('UFRANK', service, back));
    },
  },
  'slow-slack': {
    what: 'updates of cards take up to a minute, so that an older one lands after a newer one',
    inFlightMs: (name, { chance }) =>
      name === 'slack.update' && chance.happens(0.5) ? chance.between(5_000, 55_000) : null,
  },
  'approvers-leave': {
    what: 'whoever approved leaves the group, and prod has to wait for the registry until that is known',
    reactTo(_service, event, hands) {
      if (event.type === 'GateOpened') hands.approversAre(APPROVERS);
      if (event.type !== 'PromotionApproved') return;
      hands.outage('registry.byArn', 200_000);
      const { by } = event;
      hands.after(1, () => hands.approversAre(APPROVERS.filter((id) => !by.includes(id))));
    },
  },
  'package-changes-at-the-gate': {
    what: 'the package is changed while people think about it',
    setting: (own) => ({ manners: { ...own.manners, patienceMs: 30_000, approveAfterMs: [150_000, 400_000] } }),
    reactTo(service, event, { chance, after, changePackageOf }) {
      if (event.type !== 'GateOpened') return;
      after(chance.between(500, 20_000), () => changePackageOf(service, event.rolloutId));
    },
  },
  'late-approvers': {
    what: 'people press long after the approval expired',
    setting: (own) => ({
      approvalExpiresAfterHours: 0.1,
      manners: { ...own.manners, deployEveryMs: 1_500_000, approveAfterMs: [700_000, 1_400_000] },
    }),
  },
  'pressed-while-it-slept': {
    what: 'the only replica sleeps while the approval expires, and finds a press when it wakes',
    setting: (own) => ({
      replicas: 1,
      approvalExpiresAfterHours: 0.1,
      manners: { ...own.manners, deployEveryMs: 600_000, approveAfterMs: [1e9, 2e9] },
    }),
    freezeMs: [60_000, 60_001],
    // Its own look is slow, the press is not.
    inFlightMs: (name, { chance }) => (name === 'store.append' ? chance.between(2, 400) : 2),
    reactTo(service, event, { chance, after, press, meetsNext }) {
      if (event.type !== 'GateOpened') return;
      const { rolloutId } = event;
      after(330_000, () => meetsNext('store.after', 'freeze-before'));
      const approver = chance.pick(APPROVERS);
      after(361_000, () => press(approver, service, { verb: 'promote', rolloutId }));
    },
  },
  'rollback-at-the-gate': {
    what: 'prod is rolled back when one of two has approved, and after the release one more does',
    setting: () => ({ quorum: 2 }),
    reactTo(service, event, { chance, after, press }) {
      if (event.type === 'ApprovalGiven' && event.have < event.need && chance.happens(0.5)) {
        const back: Request = {
          verb: 'rollback',
          environment: 'prod',
          toVersion: null,
          reason: 'no',
          furtherThan: null,
        };
        after(chance.between(10, 500), () => press('UFRANK', service, back));
      }
      if (event.type === 'HoldReleased' && event.environment === 'prod') {
        const approver = chance.pick(APPROVERS);
        after(chance.between(500, 3_000), () => press(approver, service, { verb: 'promote', rolloutId: null }));
      }
    },
  },
  'back-to-the-new-one': {
    what: 'while a version is brought to prod somebody asks for a rollback to just that one',
    reactTo(service, event, { chance, after, press }) {
      if (event.type !== 'DeploymentStarted' || event.environment !== 'prod' || event.kind !== 'rollout') return;
      const toVersion = event.target.version;
      const back: Request = { verb: 'rollback', environment: 'prod', toVersion, reason: 'no', furtherThan: null };
      after(chance.between(10, 5_000), () => press('UFRANK', service, back));
    },
  },
  'glass-is-broken': {
    what: 'an approver goes past a lock and the quorum, while others lock again, roll back or leave the group',
    setting: () => ({ quorum: 2, breakGlass: true }),
    // Long enough between the broken glass and prod for what comes in between.
    inFlightMs: (name, { chance }) => (name === 'store.append' ? chance.between(200, 1_500) : null),
    reactTo(service, event, { chance, after, press, approversAre }) {
      const lock = { verb: 'lock', environment: 'prod', forSeconds: null, reason: 'a fair' } as const;
      if (event.type === 'GateOpened') {
        const { rolloutId } = event;
        const glass: Request = { verb: 'promote', rolloutId, breakGlass: 'passengers wait' };
        after(chance.between(10, 1_000), () => press('UERIN', service, lock));
        after(chance.between(2_500, 5_000), () => press(chance.pick(['UALICE', 'UBOB', 'UERIN']), service, glass));
        after(chance.between(60_000, 90_000), () =>
          press('UCAROL', service, { verb: 'review', rolloutId, note: 'ok' }),
        );
      }
      if (event.type !== 'GlassBroken') return;
      const what = chance.pick(['lock', 'back', 'leave', 'nothing'] as const);
      if (what === 'lock') after(1, () => press('UFRANK', service, lock));
      if (what === 'back') {
        const back: Request = {
          verb: 'rollback',
          environment: 'prod',
          toVersion: null,
          reason: 'no',
          furtherThan: null,
        };
        after(chance.between(1, 3_000), () => press('UFRANK', service, back));
      }
      if (what === 'leave') {
        // Held up until it is certain that they are an approver no more.
        press('UFRANK', service, { ...lock, forSeconds: 120 });
        approversAre(APPROVERS.filter((id) => id !== event.by));
        after(400_000, () => approversAre(APPROVERS));
      }
    },
  },
  'planned-and-taken-back': {
    what: 'promotions are approved for later, and approvals are taken back',
    setting: (own) => ({ quorum: 2, manners: { ...own.manners, approveAfterMs: [200_000, 300_000] } }),
    reactTo(service, event, { chance, after, press, wallMs }) {
      if (event.type !== 'GateOpened') return;
      const { rolloutId } = event;
      const later = (person: string) => () => {
        const atMs = wallMs() + chance.between(300_000, 900_000);
        press(person, service, { verb: 'promote', rolloutId, atMs });
      };
      after(chance.between(500, 2_000), later('UALICE'));
      if (chance.happens(0.5))
        after(chance.between(3_000, 9_000), () => press('UALICE', service, { verb: 'withdraw', rolloutId }));
      after(chance.between(10_000, 20_000), later('UBOB'));
    },
  },
  'pipelines-deploy': {
    what: 'pipelines deploy in the name of people of GitHub, known ones and others, who press as well',
    reactTo(service, event, { chance, after, press }) {
      if (event.type === 'GateOpened') {
        const { rolloutId } = event;
        after(chance.between(500, 10_000), () => press('UALICE', service, { verb: 'promote', rolloutId }));
      }
      if (event.type !== 'RolloutEnded') return;
      const githubUser = chance.pick(GITHUB_LOGINS);
      const deploy: Request = { verb: 'deploy', model: null, note: null };
      after(chance.between(500, 60_000), () =>
        press(PIPELINE, service, githubUser === undefined ? deploy : { ...deploy, githubUser }),
      );
    },
  },
} as const satisfies Readonly<Record<string, DirectedLife>>;
