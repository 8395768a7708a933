import { describe, expect, it } from 'vitest';
import type { Listing } from '../../src/ports/inventory.ts';
import type { CleanupTarget } from '../../src/rollout/cleanup.ts';
import { adoptedTarget } from '../../src/rollout/names.ts';
import { unknown } from '../../src/rollout/observation.ts';
import { reason } from '../../src/rollout/reasons.ts';
import { killSwitchOf, ownAlarmsOf } from '../../src/rollout/strategy.ts';
import { LEFTOVER, listed, planFor, withLeftover } from '../support/cleanup-facts.ts';
import { SETTINGS } from '../support/rollout-facts.ts';
import { type Story, story } from '../support/story.ts';

const { staging: STAGING, prod: PROD } = SETTINGS.endpointNames;

function plan(told: Story, target: CleanupTarget, change: (listing: Listing) => Listing = (l) => l) {
  const planned = planFor(told, target, change);
  if (planned.kind === 'busy') throw new Error(planned.what.join());
  const deleted = planned.items.filter((item) => item.action === 'delete').map((item) => `${item.kind} ${item.name}`);
  return { planned, deleted, kept: planned.items.filter((item) => item.action === 'keep') };
}

const twice = story().promotes(1).promotes(2);
/** A third version that never passed and a fourth that waits at its gate. */
const busy = twice.begins(3).reaches('staging').ends().begins(4).to('gate');

describe('the plan of a clean-up', () => {
  it('finds no leftovers where everything runs or can be gone back to', () => {
    const { deleted, kept, planned } = plan(twice, 'leftovers');
    expect(deleted).toEqual([]);
    expect(planned.phrase).toBeNull();
    expect(kept.map((item) => item.because)).toEqual(
      expect.arrayContaining(['it is live', `the endpoint ${PROD} uses it`, 'a rollback of prod can go to it']),
    );
  });

  it('takes as leftovers only what no endpoint, rollback or rollout needs', () => {
    const { deleted } = plan(busy, 'leftovers', withLeftover);
    expect(deleted).toEqual([`endpoint configuration ${LEFTOVER}`, `model ${LEFTOVER}`]);
  });

  it('never takes what lacks a tag, or whose tags cannot be read', () => {
    const odd = [
      { ...listed('titanic-other', { project: 'titanic-sagemaker' }), modelNames: [] },
      { ...listed('titanic-unread'), tags: unknown('throttled'), modelNames: [] },
      { ...listed('somebody-elses'), modelNames: [] },
    ];
    const { deleted, kept } = plan(twice, 'all', (l) => ({ ...l, configs: [...l.configs, ...odd] }));
    expect(deleted.join()).not.toMatch(/other|unread|somebody/);
    expect(kept.map((item) => [item.name, item.because])).toEqual([
      ['titanic-other', 'it lacks the tag tutorial_phase=04'],
      ['titanic-unread', 'its tags cannot be read: throttled'],
    ]);
  });

  it('never takes a config that any endpoint uses, whoever made it, nor its model', () => {
    const config = twice.config('staging', 1);
    const foreign = { ...listed('somebody-elses', {}), configNames: [config] };
    const { deleted, kept } = plan(twice, 'all', (l) => ({ ...l, endpoints: [...l.endpoints, foreign] }));
    expect(deleted).not.toContain(`endpoint configuration ${config}`);
    expect(deleted).not.toContain(`model ${config}`);
    expect(kept.map((item) => item.because)).toEqual([
      'the endpoint somebody-elses uses it',
      `the endpoint configuration ${config} uses it`,
    ]);
  });

  it('takes one environment and leaves the other alone', () => {
    const { deleted, kept, planned } = plan(twice, 'staging');
    expect(deleted[0]).toBe(`endpoint ${STAGING}`);
    expect(deleted).toHaveLength(5);
    expect(kept.every((item) => item.name.includes('prod'))).toBe(true);
    expect(planned.phrase).toMatch(/^delete staging [0-9a-f]{6}$/);
  });

  it('keeps what the environment that stays can go back to, whatever it is named', () => {
    for (const [target, other] of [
      ['staging', 'prod'],
      ['prod', 'staging'],
    ] as const) {
      const config = `titanic-survival-${target}-v7-r1`;
      const told = story()
        .records([
          {
            type: 'EndpointAdopted',
            environment: other,
            endpointName: SETTINGS.endpointNames[other],
            arn: 'arn:adopted',
            target: adoptedTarget(config, {
              configName: config,
              modelName: config,
              packageArn: null,
              initialInstanceCount: 1,
            }),
            reason: reason('endpoint-adopted'),
          },
        ])
        .promotes(1);
      const made = { ...listed(config), modelNames: [config] };
      const there = (l: Listing) => ({ ...l, configs: [...l.configs, made], models: [...l.models, made] });
      const { deleted, kept } = plan(told, target, there);
      expect(deleted.join()).not.toContain(config);
      expect(deleted).toHaveLength(3);
      expect(kept).toContainEqual(
        expect.objectContaining({ name: config, because: `a rollback of ${other} can go to it` }),
      );
      expect(plan(told, 'all', there).deleted).toContain(`model ${config}`);
    }
  });

  it('leaves nothing with all, in the order that AWS allows', () => {
    const { deleted, kept } = plan(busy.ends(), 'all');
    expect(kept).toEqual([]);
    expect(deleted.map((line) => line.split(' titanic')[0])).toEqual(
      deleted
        .map((line) => line.split(' titanic')[0])
        .toSorted((a, b) => ORDER.indexOf(a ?? '') - ORDER.indexOf(b ?? '')),
    );
  });

  describe('of alarms', () => {
    const config = twice.config('prod', 1);
    const gone = 'titanic-survival-prod-v9-r900';
    const withAlarms = (l: Listing): Listing => ({
      ...withLeftover(l),
      alarms: [config, gone].flatMap(ownAlarmsOf).map((name) => listed(name)),
    });

    it('takes those whose config is gone, and keeps those of one that stays', () => {
      const { deleted, kept } = plan(twice, 'leftovers', withAlarms);
      expect(deleted.filter((line) => line.startsWith('alarm'))).toEqual(
        ownAlarmsOf(gone)
          .toSorted()
          .map((name) => `alarm ${name}`),
      );
      expect(kept.filter(({ kind }) => kind === 'alarm').map(({ because }) => because)).toEqual(
        Array.from({ length: 3 }, () => `it guards the endpoint configuration ${config}`),
      );
    });

    it('takes them behind their config, and before the models', () => {
      const { deleted } = plan(twice, 'all', withAlarms);
      const kinds = deleted.map((line) => line.split(' titanic')[0] ?? '');
      expect(kinds.filter((kind) => kind === 'alarm')).toHaveLength(6);
      expect(kinds).toEqual(kinds.toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)));
    });

    it('keeps those of another environment, of another service, and without our tags', () => {
      expect(plan(twice, 'staging', withAlarms).deleted.join()).not.toContain('alarm');
      const foreign = (l: Listing): Listing => ({
        ...l,
        alarms: [
          listed(killSwitchOf('titanic-survival-staging-prod-v1-r2')),
          listed(killSwitchOf(gone), {}),
          listed('titanic-survival-prod-latency'),
        ],
      });
      expect(plan(twice, 'all', foreign).kept.map(({ name, because }) => [name, because])).toEqual([
        ['titanic-survival-prod-latency', 'it is no alarm of a config'],
        [killSwitchOf(gone), 'it lacks the tag project=titanic-sagemaker'],
        [killSwitchOf('titanic-survival-staging-prod-v1-r2'), 'it is of the service survival-staging'],
      ]);
    });

    it('keeps those of a config that the record needs, though SageMaker does not list it', () => {
      const { kept } = plan(twice, 'leftovers', (l) => {
        const all = withAlarms(l);
        return { ...all, configs: all.configs.filter(({ name }) => name !== config) };
      });
      expect(kept.filter(({ kind }) => kind === 'alarm').map(({ because }) => because)).toEqual(
        Array.from({ length: 3 }, () => 'a rollback of prod can go to it'),
      );
    });
  });

  it('is another plan as soon as the world is another', () => {
    const before = plan(twice, 'all').planned;
    const more = { ...listed('titanic-new'), modelNames: [] };
    const after = plan(twice, 'all', (l) => ({ ...l, configs: [...l.configs, more] })).planned;
    expect(plan(twice, 'all').planned).toEqual(before);
    expect(after.digest).not.toBe(before.digest);
    expect(after.phrase).not.toBe(before.phrase);
  });

  it('plans nothing while an endpoint that it is about is being changed', () => {
    const told = twice.begins(3).sends('staging').ends();
    expect(() => plan(told, 'all')).toThrow(/staging of survival/);
    expect(() => plan(told, 'leftovers')).toThrow(/staging of survival/);
    expect(plan(told, 'prod').deleted[0]).toBe(`endpoint ${PROD}`);
  });
});

describe('the plan of a clean-up of one service', () => {
  const other = 'titanic-survival-staging-prod-v1-r2';
  const both = (l: Listing): Listing => ({
    ...l,
    endpoints: [...l.endpoints, { ...listed('titanic-other-prod'), configNames: [other] }],
    configs: [...l.configs, { ...listed(other), modelNames: [other] }],
    models: [...l.models, listed(other)],
  });

  it('keeps what belongs to another, however alike their names are', () => {
    const { kept } = plan(twice, 'all', both);
    expect(kept.map((item) => [item.kind, item.because])).toEqual([
      ['endpoint', 'it is of the service survival-staging'],
      ['endpoint configuration', 'it is of the service survival-staging'],
      ['model', 'it is of the service survival-staging'],
    ]);
  });

  it('keeps what no configured service made, unless everything is meant', () => {
    const change = (l: Listing): Listing => ({ ...l, models: [...l.models, listed('titanic-retired-prod-v1-r2')] });
    expect(plan(twice, 'all', change).deleted).toContain('model titanic-retired-prod-v1-r2');
    for (const target of ['leftovers', 'staging', 'prod'] as const) {
      expect(plan(twice, target, change).kept.map((item) => item.because)).toContain(
        'it is of no service that is configured here',
      );
    }
  });

  it('plans nothing that is live while a rollout is open that would bring it back', () => {
    expect(() => plan(busy, 'prod')).toThrow(/survival-\d+: it waits for approval/);
    expect(plan(busy, 'leftovers').planned.phrase).toBeNull();
  });

  it('takes no more at a time than an entry has room for, endpoints first', () => {
    const many = Array.from({ length: 450 }, (_, n) => listed(`titanic-survival-prod-v1-r${1_000 + n}`));
    const { deleted, kept } = plan(twice, 'all', (l) => ({ ...l, models: [...l.models, ...many] }));
    expect(deleted).toHaveLength(400);
    expect(deleted.slice(0, 2)).toEqual([`endpoint ${PROD}`, `endpoint ${STAGING}`]);
    expect(kept[0]?.because).toBe('only 400 go at a time: clean up again');
  });
});

const ORDER = ['endpoint', 'endpoint configuration', 'alarm', 'model'];
