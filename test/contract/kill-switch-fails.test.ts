import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFastClock } from '../support/fast-clock.ts';
import { type GuardedServices, prodOf, startGuardedServices } from '../support/guarded-services.ts';
import { operator } from '../support/rollout-facts.ts';

/** The engine's waits pass so many times faster. */
const FASTER = 4;
/** Of SageMaker, so that a change outlasts what people do, and then not for long. */
const STILL = 0.01;
const HASTE = 5_000;

const canary = {
  strategy: { kind: 'canary', size: 50, bakeMinutes: 10, alarms: { errorPercent: 5, p95Ms: 'off' } },
  keepPreviousMinutes: 30,
};

describe('a rollback whose kill switch fails', { timeout: 60_000 }, () => {
  let guarded: GuardedServices;
  let gates: ReadonlyMap<string, string>;
  beforeAll(async () => {
    guarded = await startGuardedServices([{ name: 'deaf', prod: canary }], {
      clock: createFastClock(FASTER),
      describeLagSeconds: 4,
    });
    gates = await guarded.toTheGate();
  });
  afterAll(() => guarded.close());

  const control = () => guarded.sagemaker.control;

  /** Somebody rolls back while the new fleet is being started; what was sent to prod since it was promoted is told. */
  async function rolledBack(service: string) {
    const since = (await control().journal()).at(-1)?.seq ?? 0;
    await control().setSpeed(STILL);
    guarded.catchUp();
    await guarded.promote(service, gates.get(service) ?? '');
    await guarded.until(service, 'the update is under way', ({ environments: { prod } }) => {
      return prod.deployment?.followed?.call.kind === 'update' && prod.deployment.words !== null;
    });
    const answer = await guarded.says(service, operator, {
      verb: 'rollback',
      environment: 'prod',
      toVersion: null,
      reason: 'it is odd',
      furtherThan: null,
    });
    expect(answer.reason.code).toBe('rollback-by-kill-switch');
    return { since };
  }

  async function endsAtVersion1(service: string, since: number) {
    const over = await guarded.until(service, 'the rollback is over', (s) => s.endedRollbacks[0]?.ended != null);
    expect(over.endedRollbacks[0]).toMatchObject({ ended: { reached: true } });
    expect(await guarded.prodCalls(service, since)).toEqual(['UpdateEndpoint', 'UpdateEndpoint']);
    const { endpoints } = await control().state();
    expect(endpoints.find(({ EndpointName }) => EndpointName === prodOf(service))).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: `${prodOf(service)}-v1-r0`,
    });
  }

  const trips = (service: string) => guarded.events(service).filter(({ type }) => type === 'KillSwitchIntended').length;

  test('because SageMaker does not heed it: prod is updated back once SageMaker is done', async () => {
    await control().setFault({ kind: 'heedNoAlarm', endpoint: prodOf('deaf') });
    const { since } = await rolledBack('deaf');
    const outcomes = () => guarded.events('deaf').filter((event) => event.type === 'KillSwitchDecided');
    await guarded.until('deaf', 'the switch is set', () => outcomes().length > 0);
    expect(outcomes()).toMatchObject([{ outcome: { kind: 'accepted' } }]);
    await control().setSpeed(HASTE);
    await endsAtVersion1('deaf', since);
    expect(trips('deaf')).toBe(1);
  });
});
