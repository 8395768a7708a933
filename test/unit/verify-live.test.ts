import { describe, expect, it } from 'vitest';
import type { Environment } from '../../src/rollout/candidate.ts';
import {
  type ChainSeen,
  type EndpointSeen,
  known,
  type PackageSeen,
  type Reading,
  unknown,
} from '../../src/rollout/observation.ts';
import { reason } from '../../src/rollout/reasons.ts';
import { type Check, type VerifyLiveDeps, verifyLive } from '../../src/verify-live.ts';
import { packageSeen, SETTINGS } from '../support/rollout-facts.ts';
import { chainOf } from '../support/sights.ts';
import { type Story, story } from '../support/story.ts';
import { storedOf, storeOf } from '../support/told-store.ts';

/** AWS as the record says it should be, and how it differs. */
interface Other {
  readonly endpoint?: (environment: Environment) => Reading<EndpointSeen | null> | undefined;
  readonly chain?: (configName: string) => Reading<ChainSeen | null> | undefined;
  readonly modelPackage?: Reading<PackageSeen | null>;
  readonly tags?: Readonly<{ [name: string]: string }>;
}

function aws(told: Story, other: Other = {}): VerifyLiveDeps {
  const environmentOf = (name: string): Environment => (name === SETTINGS.endpointNames.prod ? 'prod' : 'staging');
  return {
    store: storeOf(storedOf(told)),
    endpoints: {
      async describe(_, endpointName) {
        const environment = environmentOf(endpointName);
        const changed = other.endpoint?.(environment);
        if (changed !== undefined) return changed;
        const look = told.look(environment);
        return look.kind === 'known' ? known(look.value.endpoint) : look;
      },
      chain: async (environment, configName) =>
        other.chain?.(configName) ?? known(chainOf(told.state, environment, configName)),
      tags: async () => known(other.tags ?? { project: 'titanic-sagemaker', more: 'x' }),
    },
    registry: {
      byArn: async (arn) => other.modelPackage ?? known(packageSeen(Number(arn.slice(arn.lastIndexOf('/') + 1)))),
    },
  };
}

const verified = (told: Story, other?: Other) => verifyLive(aws(told, other), told.settings);
const wrong = (checks: readonly Check[]) =>
  checks.filter((c) => c.status !== 'ok').map((c) => `${c.environment ?? 'service'} ${c.name}: ${c.status}`);
const TRACEABLE = 'prod criterion: prod is traceable to the registry';

describe('what runs against the record', () => {
  it('is equal where nothing was ever deployed', async () => {
    expect(wrong(await verified(story()))).toEqual([]);
  });

  it('is equal after two promotions, with what to do nowhere', async () => {
    const checks = await verified(story().promotes(1).promotes(2));
    expect(wrong(checks)).toEqual([]);
    expect(checks.every((c) => c.todo === null)).toBe(true);
    expect(checks.filter((c) => c.name === 'rollback target').map((c) => c.expected)).toEqual([
      expect.stringContaining('staging-v1'),
      expect.stringContaining('prod-v1'),
    ]);
  });

  it('is equal after a first rollout failed, although the endpoint is Failed', async () => {
    const told = story()
      .begins(1)
      .sends('staging')
      .fails('staging', reason('endpoint-failed', { words: 'x' }), { status: 'Failed' });
    const failed = told.state.environments.staging.known
      ? known({ ...seen('staging'), status: 'Failed' })
      : known(null);
    expect(wrong(await verified(told, { endpoint: (e) => (e === 'staging' ? failed : undefined) }))).toEqual([]);
  });

  it('is unknown while an endpoint is being changed, and says what to wait for', async () => {
    const checks = await verified(story().promotes(1).begins(2).sends('staging'));
    expect(wrong(checks)).toEqual(['staging endpoint: unknown']);
    expect(checks.find((c) => c.status === 'unknown')?.todo).toContain('once the change is over');
  });

  it('is unknown, not different, where AWS cannot be asked', async () => {
    const checks = await verified(story().promotes(1), {
      endpoint: () => unknown('throttled'),
      modelPackage: unknown('throttled'),
    });
    expect(checks.some((c) => c.status === 'different')).toBe(false);
    expect(wrong(checks)).toEqual(['staging endpoint: unknown', 'prod endpoint: unknown', `${TRACEABLE}: unknown`]);
  });

  it.each<[string, Other, readonly string[]]>([
    [
      'an endpoint that is gone',
      { endpoint: (e) => (e === 'prod' ? known(null) : undefined) },
      ['prod endpoint: different', `${TRACEABLE}: unknown`],
    ],
    [
      'another config',
      { endpoint: (e) => (e === 'prod' ? known({ ...seen('prod'), configName: 'foreign' }) : undefined) },
      [
        'prod config: different',
        'prod model: different',
        'prod model package: different',
        'prod image: unknown',
        `${TRACEABLE}: different`,
      ],
    ],
    [
      'lost tags',
      { tags: { project: 'other' } },
      ['staging tags of the endpoint: different', 'prod tags of the endpoint: different'],
    ],
    [
      'a package that was rejected',
      { modelPackage: known(packageSeen(2, { approval: 'Rejected' })) },
      ['staging registry: different', 'prod registry: different', `${TRACEABLE}: different`],
    ],
    [
      'a package with another content',
      { modelPackage: known(packageSeen(2, { inferenceSpec: {} })) },
      ['staging seal: different', 'prod seal: different', `${TRACEABLE}: different`],
    ],
    [
      'a rollback target that is gone',
      { chain: (name) => (name.includes('-v1-') ? known(null) : undefined) },
      ['staging rollback target: different', 'prod rollback target: different'],
    ],
  ])('names %s', async (_, other, expected) => {
    const checks = await verified(story().promotes(1).promotes(2), other);
    expect(wrong(checks)).toEqual(expected);
    expect(checks.filter((c) => c.status === 'different').every((c) => (c.todo ?? '') !== '')).toBe(true);
  });

  it('names another image, and waits for one that is not resolved yet', async () => {
    const told = story().promotes(1);
    const configName = told.config('staging', 1);
    const showing = (images: readonly string[]) =>
      verified(told, {
        endpoint: (e) => (e === 'staging' ? known({ ...seen('staging'), configName, images }) : undefined),
      });
    expect(wrong(await showing(['registry/survival@sha256:0']))).toEqual(['staging image: different']);
    expect(wrong(await showing([]))).toEqual(['staging image: unknown']);
  });

  it('names an endpoint of our name that the record does not know', async () => {
    const checks = await verified(story(), { endpoint: (e) => (e === 'prod' ? known(seen('prod')) : undefined) });
    expect(wrong(checks)).toEqual(['prod endpoint: different']);
  });

  it('does not take an adopted prod for one that met the criteria', async () => {
    const told = story().records([
      {
        type: 'EndpointAdopted',
        environment: 'prod',
        endpointName: SETTINGS.endpointNames.prod,
        arn: 'arn:prod',
        target: {
          configName: 'old',
          modelName: 'old',
          packageArn: null,
          version: null,
          imageDigest: null,
          rolloutId: null,
        },
        reason: reason('manual', { reason: 'it was there' }),
      },
    ]);
    expect(wrong(await verified(told))).toHaveLength(3);
    expect(wrong(await verified(told)).every((line) => line.startsWith('prod criterion'))).toBe(true);
  });

  it('names a gate that only the requester passed, and smoke tests that did not pass', async () => {
    const told = story().begins(1).to('gate').approvedBy('U0RUTH').to('ended');
    expect(wrong(await verified(told))).toEqual(['prod criterion: the gate was run and is documented: different']);
    const untested = story().begins(1).reaches('staging').measures('staging', 'gate').measured('staging', 'failed');
    const pushed = untested.opensGate().approvedBy('U0ANNA').to('ended');
    expect(wrong(await verified(pushed))).toEqual(['prod criterion: staging passed its smoke tests: different']);
  });

  it('compares nothing with a record that is broken', async () => {
    const told = story().promotes(1);
    const stored = storedOf(told).map((e) => (e.seq === 4 ? { ...e, body: e.body.replace('staging', 'stagimg') } : e));
    const checks = await verifyLive({ ...aws(told), store: storeOf(stored) }, told.settings);
    expect(checks).toMatchObject([
      { name: 'record', status: 'different', found: 'entry 4: its hash does not fit its content' },
    ]);
  });
});

function seen(environment: Environment): EndpointSeen {
  return {
    arn: `arn:${environment}`,
    status: 'InService',
    lastModified: '2026-03-02T09:00:00.000Z',
    configName: 'x',
    pendingConfigName: null,
    failureReason: null,
    variants: [],
    images: [],
    words: null,
  };
}
