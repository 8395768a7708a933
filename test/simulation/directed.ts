import type { Request } from '../../src/rollout/api.ts';
import type { Event } from '../../src/rollout/events.ts';
import { resourceName } from '../../src/rollout/names.ts';
import type { Chance } from './chance.ts';
import { createDirectedFaults, type Fault, type Faults } from './faults.ts';
import { APPROVERS, GITHUB_LOGINS, PIPELINE } from './sim-slack.ts';
import type { Setting } from './world.ts';

/** What a directed life can do to its world. */
export interface Hands {
  readonly chance: Chance;
  after(ms: number, act: () => void): void;
  press(person: string, service: string, request: Request): void;
  changePackageOf(service: string, rolloutId: string): void;
  /** For so long every call of this name is throttled. */
  outage(callName: string, forMs: number): void;
  /** Somebody makes a config of this name in the console, of a model of their own. */
  takeName(configName: string): void;
  approversAre(ids: readonly string[]): void;
  /** null: its rollout is over. */
  versionOf(service: string, rolloutId: string): number | null;
}

export type DirectedName =
  | 'asleep-at-the-wire'
  | 'asleep-after-the-look'
  | 'second-thoughts'
  | 'names-taken'
  | 'stale-describes'
  | 'slow-slack'
  | 'approvers-leave'
  | 'package-changes-at-the-gate'
  | 'late-approvers'
  | 'rollback-at-the-gate'
  | 'back-to-the-new-one'
  | 'pipelines-deploy'
  | 'asleep-with-a-verdict'
  | 'who-asks-approves'
  | 'rejected-on-the-way';

/** A life in which one rare course of events is likely: quiet but for that. */
export interface DirectedLife {
  readonly what: string;
  setting?(own: Setting): Partial<Setting>;
  /** What befalls a call; absent: nothing ever does. */
  fault?(callName: string, hands: Hands): Fault;
  inFlightMs?(callName: string, hands: Hands): number | null;
  readonly freezeMs?: readonly [number, number];
  reactTo?(service: string, event: Event, hands: Hands): void;
}

const QUICK_MS = [2_000, 8_000] as const;

/** Everything quick and nothing that goes wrong by itself, so that what is directed has room. */
export function calmSetting(own: Setting, chance: Chance): Setting {
  return {
    ...own,
    quorum: 1,
    approvalExpiresAfterHours: 1.5,
    deadlineMinutes: { staging: 60, prod: 60 },
    smoke: { probes: 3, pauseMs: 500, inconclusive: 0 },
    smokeLongestMs: 30_000,
    temper: {
      updateMs: () => chance.between(...QUICK_MS),
      deleteMs: () => chance.between(...QUICK_MS),
      silentRollback: 0,
      rollbackFailed: 0,
      quotaRefusal: 0,
      stampsAtEnd: chance.happens(0.5),
    },
    manners: {
      deployEveryMs: 120_000,
      rollbackEveryMs: 1_200_000,
      lockEveryMs: 1e9,
      pendingEveryMs: 1e9,
      patienceMs: 8_000,
      repeatedDelivery: 0,
    },
    outside: {
      consoleEveryMs: null,
      systemUpdateEveryMs: null,
      packageEveryMs: 300_000,
      slackBadDayEveryMs: null,
      changedPackages: 0,
      takesNames: 0,
      pendingPackages: 0.1,
      decidesModels: 0,
    },
    crashesPerHour: 0,
    termsPerHour: 0,
    freezesPerHour: 0,
    retriedByItself: 0,
    refusesDecisions: 0,
    release: null,
  };
}

const isSend = (callName: string) => ['aws.create', 'aws.update', 'aws.delete'].includes(callName);

export const DIRECTED: Readonly<Record<DirectedName, DirectedLife>> = {
  'asleep-at-the-wire': {
    what: 'the machine is suspended for minutes with the call in its hands',
    fault: (name, { chance }) => (isSend(name) && chance.happens(0.5) ? 'freeze-before' : 'none'),
    freezeMs: [150_000, 900_000],
  },
  'asleep-after-the-look': {
    what: 'the only replica is suspended between its look and what it decides, and the package changes meanwhile',
    setting: () => ({ replicas: 1 }),
    fault: (name, { chance }) => (name === 'registry.byArn' && chance.happens(0.3) ? 'freeze-after' : 'none'),
    freezeMs: [200_000, 400_000],
    reactTo(service, event, hands) {
      if (event.type !== 'PromotionApproved') return;
      hands.after(hands.chance.between(500, 60_000), () => hands.changePackageOf(service, event.rolloutId));
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
};

/** Packages that nobody has decided about, and people who want them. */
function manyPending(own: Setting): Partial<Setting> {
  return {
    manners: { ...own.manners, pendingEveryMs: 90_000 },
    outside: { ...own.outside, packageEveryMs: 90_000, pendingPackages: 0.8 },
  };
}

export function isDirectedName(name: string): name is DirectedName {
  return Object.hasOwn(DIRECTED, name);
}

/** A directed life made ready for one seed. */
export interface Directed {
  setting(own: Setting): Setting;
  readonly faults: Faults;
  reactTo(service: string, event: Event): void;
  /** Gives it its world, once there is one. */
  begin(world: Omit<Hands, 'chance' | 'outage'> & { nowMs(): number }): void;
}

const NO_FREEZE_MS = [1_000, 2_000] as const;

export function direct(life: DirectedLife, chance: Chance): Directed {
  const outages = new Map<string, number>();
  let hands: Hands | null = null;
  let nowMs = () => 0;

  return {
    setting(own) {
      const calm = calmSetting(own, chance);
      return { ...calm, ...life.setting?.(calm) };
    },
    faults: createDirectedFaults(chance, {
      fault(callName) {
        if ((outages.get(callName) ?? 0) > nowMs()) return 'throttled';
        return hands === null ? 'none' : (life.fault?.(callName, hands) ?? 'none');
      },
      inFlightMs: (callName) => (hands === null ? null : (life.inFlightMs?.(callName, hands) ?? null)),
      freezeMs: life.freezeMs ?? NO_FREEZE_MS,
    }),
    reactTo(service, event) {
      if (hands !== null) life.reactTo?.(service, event, hands);
    },
    begin(world) {
      nowMs = world.nowMs;
      hands = { ...world, chance, outage: (callName, forMs) => outages.set(callName, world.nowMs() + forMs) };
    },
  };
}
