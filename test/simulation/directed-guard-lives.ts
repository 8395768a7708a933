import type { Request } from '../../src/rollout/api.ts';
import type { Strategy } from '../../src/rollout/strategy.ts';
import type { DirectedLife } from './directed-life.ts';
import { NAMED_ALARM, someStrategy } from './strategies.ts';

const BACK: Request = { verb: 'rollback', environment: 'prod', toVersion: null, reason: 'no', furtherThan: null };
const LONG: Strategy = {
  traffic: { kind: 'canary', percent: 50, bakeSeconds: 3_000 },
  keepPreviousSeconds: 3_600,
  maximumSeconds: 28_800,
  alarms: { errorPercent: null, p95Ms: null, named: [], namedWithoutData: 'start' },
  required: true,
};

/** About changes of prod that SageMaker guards. */
export const GUARD_LIVES = {
  'stopped-in-the-bake': {
    what: 'a guarded change of prod is rolled back or cancelled in the middle, while switches are slow, lost or undone',
    setting: (own, chance) => ({
      strategy: chance.happens(0.5) ? LONG : someStrategy(chance),
      deadlineMinutes: { ...own.deadlineMinutes, prod: 240 },
    }),
    fault: (name, { chance }) =>
      name === 'alarms.trip' && chance.happens(0.4)
        ? chance.pick(['reply-lost', 'throttled', 'request-lost', 'crash-before', 'crash-after', 'stuck'] as const)
        : 'none',
    reactTo(service, event, { chance, after, press, setAlarm }) {
      if (event.type === 'CallDecided' && event.environment === 'prod' && event.outcome.kind === 'accepted') {
        const cancels = chance.happens(0.3);
        const request: Request = cancels ? { verb: 'cancel', rolloutId: null } : BACK;
        after(chance.between(1, 120_000), () => press(cancels ? 'UALICE' : 'UFRANK', service, request));
      }
      // Somebody sets it back, in the belief that it is a mistake.
      if (event.type === 'KillSwitchIntended' && chance.happens(0.3))
        after(chance.between(500, 20_000), () => setAlarm(event.alarm, 'OK'));
    },
  },
  'alarms-on-before': {
    what: 'the alarms that are to guard prod come on, or are deleted, between the approval and the call',
    setting: (own, chance) => ({
      strategy: {
        ...LONG,
        keepPreviousSeconds: 0,
        traffic: { kind: 'canary', percent: 50, bakeSeconds: 60 },
        alarms: {
          ...LONG.alarms,
          errorPercent: 1,
          named: [NAMED_ALARM],
          namedWithoutData: chance.pick(['start', 'wait']),
        },
      },
      deadlineMinutes: { ...own.deadlineMinutes, prod: 240 },
    }),
    // Long enough between the preparation and the call for what comes in between.
    inFlightMs: (name, { chance }) => (name === 'store.append' ? chance.between(200, 1_500) : null),
    reactTo(service, event, { chance, after, press, setAlarm, removeAlarm }) {
      if (event.type === 'GateOpened' && chance.happens(0.7)) {
        setAlarm(NAMED_ALARM, 'ALARM');
        after(chance.between(400_000, 600_000), () => setAlarm(NAMED_ALARM, 'OK'));
      }
      if (event.type === 'DeploymentPrepared' && event.environment === 'prod' && chance.happens(0.3)) {
        const alarm = event.created
          .find(({ what }) => what === 'alarm')
          ?.arn.split('/')
          .at(-1);
        // Nobody goes on until it is certain that it is gone.
        press('UERIN', service, { verb: 'lock', environment: 'prod', forSeconds: 300, reason: 'a fair' });
        if (alarm !== undefined) removeAlarm(alarm);
      }
    },
  },
  'worse-and-nobody-there': {
    what: 'the new fleet of prod is worse than the old one, and whoever is there snoozes, or nobody is there',
    setting: (own, chance) => ({
      strategy: {
        ...LONG,
        traffic: { kind: 'canary', percent: 50, bakeSeconds: chance.pick([90, 3_000]) },
        keepPreviousSeconds: chance.pick([0, 3_600]),
        alarms: { ...LONG.alarms, errorPercent: 1 },
        analysis: { autoRollbackSeconds: chance.pick([0, 60, 240]), snoozeSeconds: 300, minimumRequests: 100 },
      },
      temper: { ...own.temper, worseFleets: 0.6 },
      deadlineMinutes: { ...own.deadlineMinutes, prod: 240 },
    }),
    fault: (name, { chance }) =>
      name === 'fleets.compare' && chance.happens(0.1) ? chance.pick(['reply-lost', 'throttled'] as const) : 'none',
    reactTo(service, event, { chance, after, press }) {
      if (event.type !== 'AutoRollbackScheduled') return;
      const snooze: Request = { verb: 'snooze', rolloutId: null, reason: 'known' };
      if (chance.happens(0.5)) after(chance.between(1, 50_000), () => press('UALICE', service, snooze));
      // Once more, and by another: that is one too many.
      if (chance.happens(0.6)) after(chance.between(50_000, 200_000), () => press('UBOB', service, snooze));
    },
  },
} satisfies Readonly<Record<string, DirectedLife>>;
