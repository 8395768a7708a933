import { describe, expect, it } from 'vitest';
import type { Listing } from '../../src/cleanup/listing.ts';
import { type PlanInput, planCleanup } from '../../src/cleanup/plan.ts';
import { known, unknown } from '../../src/rollout/observation.ts';
import { SETTINGS } from '../support/rollout-facts.ts';
import { type Story, story } from '../support/story.ts';

const TAGS = { project: 'titanic-sagemaker', tutorial_phase: '04' };
const { staging: STAGING, prod: PROD } = SETTINGS.endpointNames;

const listed = (name: string, tags: PlanInput['tags'] = TAGS) => ({ name, arn: `arn:${name}`, tags: known(tags) });

/** The account as titanic would have left it: a config and a model for each deployment there ever was. */
function accountOf(told: Story): Listing {
  const targets = told.entries.flatMap((e) =>
    e.events.flatMap((v) => (v.type === 'DeploymentStarted' ? [v.target] : [])),
  );
  const names = [...new Set(targets.map((t) => t.configName))];
  const live = (environment: 'staging' | 'prod') => {
    const top = told.state.environments[environment].stack.at(-1);
    const name = SETTINGS.endpointNames[environment];
    return top === undefined ? [] : [{ ...listed(name), configNames: [top.configName] }];
  };
  return {
    endpoints: [...live('staging'), ...live('prod')],
    configs: names.map((name) => ({ ...listed(name), modelNames: [name] })),
    models: names.map((name) => listed(name)),
  };
}

function plan(told: Story, target: PlanInput['target'], change: (listing: Listing) => Listing = (l) => l) {
  const planned = planCleanup({
    target,
    listing: change(accountOf(told)),
    states: [told.state],
    services: [{ name: 'survival', endpointNames: SETTINGS.endpointNames }],
    prefix: 'titanic-',
    tags: TAGS,
  });
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
    const old = { ...listed('titanic-survival-staging-v9-r900'), modelNames: ['titanic-survival-staging-v9-r900'] };
    const { deleted } = plan(busy, 'leftovers', (l) => ({
      ...l,
      configs: [...l.configs, old],
      models: [...l.models, old],
    }));
    expect(deleted).toEqual([`endpoint configuration ${old.name}`, `model ${old.name}`]);
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

  it('leaves nothing with all, in the order that AWS allows', () => {
    const { deleted, kept } = plan(busy, 'all');
    expect(kept).toEqual([]);
    expect(deleted.map((line) => line.split(' titanic')[0])).toEqual(
      deleted
        .map((line) => line.split(' titanic')[0])
        .toSorted((a, b) => ORDER.indexOf(a ?? '') - ORDER.indexOf(b ?? '')),
    );
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
    const told = twice.begins(3).sends('staging');
    expect(() => plan(told, 'all')).toThrow(/staging of survival/);
    expect(() => plan(told, 'leftovers')).toThrow(/staging of survival/);
    expect(plan(told, 'prod').deleted[0]).toBe(`endpoint ${PROD}`);
  });
});

const ORDER = ['endpoint', 'endpoint configuration', 'model'];
