import { readFileSync } from 'node:fs';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createCoreMetrics } from '../../src/adapters/core-metrics.ts';
import { createSlackMetrics } from '../../src/adapters/slack-metrics.ts';
import { ALARMS } from '../../src/alarms.ts';
import { REASON_CODES } from '../../src/rollout/reasons.ts';
import { ADVISED, runbookText, sections } from '../../src/runbook.ts';
import { approver, operator } from '../support/rollout-facts.ts';
import { story } from '../support/story.ts';
import { engineOn, storeOf, submit } from '../support/told-engine.ts';

/** Names of metrics in a PromQL expression: whatever is neither a function, a keyword nor a label. */
function metricsIn(expression: string): readonly string[] {
  const bare = expression.replace(/\{[^}]*\}/g, '').replace(/\b(?:by|without)\s*\([^)]*\)/g, '');
  return [...bare.matchAll(/\b(?:titanic|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name);
}

async function known(): Promise<ReadonlySet<string>> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  createSlackMetrics(registry);
  createCoreMetrics(registry).watch({ states: () => [], behind: () => 0, nowMs: () => 0 });
  const all = await registry.getMetricsAsJSON();
  return new Set(
    all.flatMap(({ name, type }) =>
      String(type) === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
    ),
  );
}

const dashboard: { panels: { title: string; targets: { expr: string }[] }[] } = JSON.parse(
  readFileSync('docs/grafana-dashboard.json', 'utf8'),
);

describe('the dashboard', () => {
  it('asks only for metrics that there are, and for each of titanic at least once', async () => {
    const names = await known();
    const asked = dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsIn(expr)));
    expect(asked.length).toBeGreaterThan(12);
    expect(asked.filter((name) => !names.has(name))).toEqual([]);
    const shown = new Set(asked.map((name) => name.replace(/_(?:bucket|count|sum)$/, '')));
    const own = [...names].filter((name) => name.startsWith('titanic_'));
    expect(own.filter((name) => !shown.has(name.replace(/_(?:bucket|count|sum)$/, '')))).toEqual([]);
  });
});

describe('the runbook', () => {
  it('is what the code says: node src/runbook.ts --write docs/runbook.md', () => {
    expect(readFileSync('docs/runbook.md', 'utf8')).toBe(runbookText());
  });

  it('has every reason code once, and advice for every part of their list', () => {
    const parts = sections();
    expect(parts.flatMap(({ codes }) => codes).sort()).toEqual([...REASON_CODES].sort());
    expect(parts.map(({ title }) => title).sort()).toEqual([...ADVISED].sort());
  });

  it('has alarms on metrics that there are', async () => {
    const names = await known();
    for (const { name, expression } of ALARMS) {
      const asked = metricsIn(expression);
      expect([name, asked.length > 0, asked.filter((each) => !names.has(each))]).toEqual([name, true, []]);
    }
  });
});

describe('what the core counts', () => {
  it('commands by verb and outcome, states by their age, open calls and what Slack does not show', async () => {
    const registry = new Registry();
    const metrics = createCoreMetrics(registry);
    const told = story().promotes(1).begins(2).to('gate');
    const { engine } = engineOn(told, storeOf(told), 'w2');
    const counted = metrics.counted(engine);
    await submit(counted, operator, { verb: 'promote', rolloutId: null }, 'k1');
    await submit(counted, approver, { verb: 'promote', rolloutId: null }, 'k2');
    const sent = story().promotes(1).begins(2).intends('staging');
    const nowMs = sent.nowMs + 60_000;
    metrics.watch({ states: () => [sent.state], behind: () => 3, nowMs: () => nowMs });
    metrics.passed('survival', 20);
    metrics.aws.called('sagemaker DescribeEndpoint', 'failed', 100);
    const text = await registry.metrics();
    expect(text).toContain('titanic_commands_total{service="survival",verb="promote",outcome="refused"} 1');
    expect(text).toContain('titanic_commands_total{service="survival",verb="promote",outcome="done"} 1');
    expect(text).toContain('titanic_oldest_open_intent_seconds{service="survival"} 60');
    expect(text).toMatch(/titanic_state_seconds\{service="survival",state="staging"\} 6\d/);
    expect(text).toContain('titanic_announcer_behind_entries{service="survival"} 3');
    expect(text).toContain('titanic_pass_seconds_count{service="survival"} 1');
    expect(text).toContain('titanic_aws_call_seconds_count{operation="sagemaker DescribeEndpoint",outcome="failed"} 1');
  });
});
