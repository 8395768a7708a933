import type { Request } from '../../src/rollout/api.ts';
import type { DirectedLife } from './directed-life.ts';

const SMOKE: Request = { verb: 'smoke', environment: 'staging' };
const DEPLOY: Request = { verb: 'deploy', model: null, note: null };
const BACK: Request = { verb: 'rollback', environment: 'staging', toVersion: null, reason: 'no', furtherThan: null };

/** About staging that is stopped when nobody uses it. */
export const IDLE_LIVES = {
  'nobody-uses-staging': {
    what: 'staging is stopped again and again, while gates are open for long, CloudWatch is silent, replicas die, and people bring it back',
    setting: (own, chance) => ({
      idleStop: { afterMs: chance.pick([240_000, 420_000]), whileGateOpen: chance.happens(0.4) },
      usesEveryMs: chance.pick([150_000, 900_000]),
      manners: {
        ...own.manners,
        deployEveryMs: 700_000,
        lockEveryMs: chance.pick([500_000, 1e9]),
        cleanupEveryMs: chance.pick([600_000, 1e9]),
        approveAfterMs: chance.pick([
          [1_000, 20_000],
          [300_000, 1_500_000],
        ] as const),
      },
    }),
    fault(name, { chance }) {
      if (name === 'fleets.requests' && chance.happens(0.3))
        return chance.pick(['throttled', 'reply-lost', 'request-lost'] as const);
      if (name === 'aws.delete' && chance.happens(0.4))
        return chance.pick(['reply-lost', 'request-lost', 'throttled', 'crash-before', 'crash-after'] as const);
      if (name === 'store.append' && chance.happens(0.03)) return chance.pick(['crash-after', 'reply-lost'] as const);
      return 'none';
    },
    reactTo(service, event, { chance, after, press }) {
      if (event.type === 'IdleStopDecided' && chance.happens(0.4))
        after(chance.between(1, 60_000), () => press('UERIN', service, chance.pick([SMOKE, DEPLOY, BACK])));
      const stopped = event.type === 'DeploymentSucceeded' && event.reason.code === 'stopped-idle';
      if (stopped && chance.happens(0.7))
        after(chance.between(1_000, 200_000), () => press('UERIN', service, chance.pick([SMOKE, SMOKE, DEPLOY, BACK])));
    },
  },
} satisfies Readonly<Record<string, DirectedLife>>;
