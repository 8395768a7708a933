import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { CallMeasure } from '../ports/call-measure.ts';
import type { Rollouts } from '../rollout/api.ts';
import { openSince, statusSince } from '../rollout/open-since.ts';
import type { ServiceState } from '../rollout/state.ts';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What the core and the calls that it makes count. */
export interface CoreMetrics {
  readonly aws: CallMeasure;
  readonly slack: CallMeasure;
  /** The log of a service was read. */
  loaded(service: string): void;
  passed(service: string, ms: number): void;
  /** The same core, counting what is asked of it. */
  counted<T extends Rollouts>(rollouts: T): Rollouts;
  /** Asked when somebody scrapes: the states as last loaded, and how many entries the announcer is behind. */
  watch(source: {
    readonly states: () => readonly ServiceState[];
    readonly behind: (service: string) => number;
    readonly nowMs: () => number;
  }): void;
}

/** Registers them; call it once for a registry. */
export function createCoreMetrics(registry: Registry): CoreMetrics {
  const registers = [registry];
  const commands = new Counter({
    name: 'titanic_commands_total',
    help: 'Commands and presses that the core decided, by verb and outcome',
    labelNames: ['service', 'verb', 'outcome'],
    registers,
  });
  const passes = new Histogram({
    name: 'titanic_pass_seconds',
    help: 'One pass: load, observe, decide, commit',
    labelNames: ['service'],
    buckets: SECONDS,
    registers,
  });
  const loads = new Counter({
    name: 'titanic_record_loads_total',
    help: 'Reads of the log of a service, every few seconds even at rest',
    labelNames: ['service'],
    registers,
  });
  const calls = (name: string, help: string): CallMeasure => {
    const histogram = new Histogram({ name, help, labelNames: ['operation', 'outcome'], buckets: SECONDS, registers });
    return { called: (operation, outcome, ms) => histogram.observe({ operation, outcome }, ms / 1000) };
  };
  return {
    aws: calls('titanic_aws_call_seconds', 'Calls to AWS by operation and outcome, all attempts together'),
    slack: calls('titanic_slack_call_seconds', "Calls to Slack's Web API by method and outcome"),
    loaded: (service) => loads.inc({ service }),
    passed: (service, ms) => passes.observe({ service }, ms / 1000),
    counted: (rollouts) => ({
      ...rollouts,
      async submit(submission) {
        const answer = await rollouts.submit(submission);
        commands.inc({ service: submission.service, verb: submission.request.verb, outcome: answer.kind });
        return answer;
      },
    }),
    watch({ states, behind, nowMs }) {
      const seconds = (since: string) => Math.max(0, (nowMs() - Date.parse(since)) / 1000);
      const gauge = (name: string, help: string, labelNames: string[], collect: (g: Gauge) => void) =>
        new Gauge({
          name,
          help,
          labelNames,
          registers,
          collect() {
            this.reset();
            collect(this);
          },
        });
      gauge('titanic_oldest_open_intent_seconds', 'Age of the oldest call without an outcome', ['service'], (g) => {
        for (const state of states()) {
          const since = openSince(state);
          g.set({ service: state.service }, since === null ? 0 : seconds(since));
        }
      });
      gauge('titanic_state_seconds', 'How long the oldest rollout has been in a state', ['service', 'state'], (g) => {
        for (const state of states())
          for (const [status, since] of Object.entries(statusSince(state)))
            g.set({ service: state.service, state: status }, seconds(since));
      });
      gauge('titanic_announcer_behind_entries', 'Entries that Slack does not show yet', ['service'], (g) => {
        for (const { service } of states()) g.set({ service }, behind(service));
      });
      gauge('titanic_record_entries', 'Entries of the record', ['service'], (g) => {
        for (const { service, seq } of states()) g.set({ service }, seq);
      });
    },
  };
}
