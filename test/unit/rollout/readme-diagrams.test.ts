import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../../src/rollout/events.ts';
import type { Rollout } from '../../../src/rollout/state.ts';
import { approver, operator, requester, smokeResult } from '../../support/rollout-facts.ts';
import { cancel, giveUp, promote, reject, rollback, smokeAgain } from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';

const README = readFileSync('src/rollout/README.md', 'utf8');

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** The arrows of the n-th mermaid diagram. */
function arrowsOf(nth: number): readonly Arrow[] {
  const diagram = README.split('```mermaid').slice(1)[nth]?.split('```')[0] ?? '';
  const found = [...diagram.matchAll(/^\s*(\S+) --> ([^\s:]+)(?:\s*:\s*(.+))?$/gm)];
  return found.map(([, from = '', to = '', label = '']) => ({ from, to, label }));
}

/** Complete by type: a new status cannot be forgotten here. */
const STATUSES = {
  staging: true,
  testing: true,
  tested: true,
  held: true,
  gate: true,
  approved: true,
  prod: true,
  verifying: true,
  ended: true,
} satisfies Record<Rollout['status'], true>;

/** Every event that belongs to one deployment. */
const OF_A_DEPLOYMENT = {
  DeploymentStarted: true,
  DeploymentPrepared: true,
  CallIntended: true,
  CallDecided: true,
  IdleStopDecided: true,
  AlarmsSeen: true,
  FleetServing: true,
  FleetsCompared: true,
  AutoRollbackScheduled: true,
  AutoRollbackSnoozed: true,
  KillSwitchIntended: true,
  KillSwitchDecided: true,
  ProgressSeen: true,
  DeploymentAbortMarked: true,
  DeploymentOverdue: true,
  DeploymentSucceeded: true,
  DeploymentFailed: true,
} satisfies Record<
  Extract<Event, { readonly deployment: number }>['type'] | 'DeploymentStarted' | 'CallDecided' | 'KillSwitchDecided',
  true
>;

const third = story().promotes(1).promotes(2).begins(3);
const measuring = third.to('testing').measures('staging', 'gate');
const failed = smokeResult('failed');

/** Lives that together take every arrow, told to their end by the core's own decisions. */
const LIVES: readonly Story[] = [
  third.to('ended'),
  third.tells(requester, cancel()),
  third.to('testing').tells(requester, cancel()),
  third.to('tested').tells(requester, cancel()),
  third.to('gate').tells(approver, reject()),
  third.to('approved').tells(approver, reject()),
  third.to('prod').tells(operator, rollback()),
  third.to('held').tells(operator, smokeAgain()),
  third.to('held').tells(operator, giveUp()),
  third.to('approved').tells(operator, rollback()),
  third.to('gate').tells(approver, promote()),
  measuring.after(measuring.finishes('staging', failed)),
];

function statusesOf(told: Story): readonly string[] {
  let state = story();
  const seen: string[] = ['[*]'];
  for (const entry of told.entries) {
    state = state.records(entry.events);
    const { rollouts, ended } = state.state;
    const mine = [...rollouts, ...ended].find((r) => r.id === told.subject);
    if (mine !== undefined && mine.status !== seen.at(-1)) seen.push(mine.status);
  }
  return seen;
}

describe('the diagram of a rollout', () => {
  const arrows = arrowsOf(0);
  const drawn = arrows.map((a) => `${a.from} → ${a.to}`);

  test('has every status, and no other', () => {
    const names = new Set(arrows.flatMap((a) => [a.from, a.to]).filter((name) => name !== '[*]'));
    expect([...names].sort()).toEqual(Object.keys(STATUSES).sort());
  });

  test('has exactly the ways that a rollout takes', () => {
    const taken = new Set<string>();
    for (const told of LIVES) {
      const seen = statusesOf(told);
      seen.slice(1).forEach((to, at) => {
        taken.add(`${seen[at]} → ${to}`);
      });
    }
    taken.add('ended → [*]');
    expect([...taken].sort()).toEqual([...new Set(drawn)].sort());
  });
});

describe('the diagram of a deployment', () => {
  const arrows = arrowsOf(1);

  test('has every event that belongs to one, and no other', () => {
    const named = new Set(arrows.flatMap((a) => a.label.match(/[A-Z][a-z]+(?:[A-Z][a-z]+)+/g) ?? []));
    expect([...named].sort()).toEqual(Object.keys(OF_A_DEPLOYMENT).sort());
  });

  test('begins and ends, and has no dead end', () => {
    const froms = new Set(arrows.map((a) => a.from));
    for (const { to } of arrows) expect(to === '[*]' || froms.has(to)).toBe(true);
    expect(froms.has('[*]')).toBe(true);
  });
});

describe('the README', () => {
  test('names only files that are there', () => {
    const files = [...README.matchAll(/`([a-z-]+\.ts)`/g)].map(([, file]) => file ?? '');
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => !existsSync(`src/rollout/${file}`))).toEqual([]);
  });
});
