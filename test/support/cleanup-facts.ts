import { planCleanup } from '../../src/cleanup/plan.ts';
import type { Listing } from '../../src/ports/inventory.ts';
import type { CleanupTarget, Planned } from '../../src/rollout/cleanup.ts';
import { known } from '../../src/rollout/observation.ts';
import { SETTINGS } from './rollout-facts.ts';
import type { Story } from './story.ts';

export const TAGS = { project: 'titanic-sagemaker', tutorial_phase: '04' };

export function listed(name: string, tags: Readonly<Record<string, string>> = TAGS) {
  return { name, arn: `arn:${name}`, tags: known(tags) };
}

/** The account as titanic would have left it: a config and a model for each deployment there ever was. */
export function accountOf(told: Story): Listing {
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
    alarms: [],
    models: names.map((name) => listed(name)),
  };
}

export function planFor(told: Story, target: CleanupTarget, change: (listing: Listing) => Listing = (l) => l): Planned {
  return planCleanup({
    target,
    service: 'survival',
    listing: change(accountOf(told)),
    states: [told.state],
    services: [
      { name: 'survival', endpointNames: SETTINGS.endpointNames, tags: { staging: {}, prod: {} } },
      {
        name: 'survival-staging',
        endpointNames: { staging: 'titanic-other-staging', prod: 'titanic-other-prod' },
        tags: { staging: {}, prod: {} },
      },
    ],
    prefix: 'titanic-',
    tags: TAGS,
  });
}

/** Something that nothing needs any more. */
export const LEFTOVER = 'titanic-survival-staging-v9-r900';

export function withLeftover(l: Listing): Listing {
  const old = { ...listed(LEFTOVER), modelNames: [LEFTOVER] };
  return { ...l, configs: [...l.configs, old], models: [...l.models, old] };
}
