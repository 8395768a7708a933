import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30];

/** What the Slack edge counts. */
export interface SlackMetrics {
  acked(delivery: 'http' | 'socket', ms: number): void;
  refused(why: string): void;
  answered(what: string, outcome: 'answered' | 'unreached' | 'troubled' | 'slowed', ms: number): void;
  sockets(open: number): void;
}

/** Registers them; call it once for a registry. */
export function createSlackMetrics(registry: Registry): SlackMetrics {
  const registers = [registry];
  const acks = new Histogram({
    name: 'titanic_slack_ack_seconds',
    help: 'From the arrival of a request of Slack to its acknowledgement',
    labelNames: ['delivery'],
    buckets: SECONDS,
    registers,
  });
  const refusals = new Counter({
    name: 'titanic_slack_refused_total',
    help: 'Requests refused at the edge, before anything was asked of the core',
    labelNames: ['why'],
    registers,
  });
  const answers = new Histogram({
    name: 'titanic_slack_answer_seconds',
    help: 'From a command or a press to its answer',
    labelNames: ['what', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const sockets = new Gauge({ name: 'titanic_slack_sockets', help: 'Open sockets of Socket Mode', registers });
  return {
    acked: (delivery, ms) => acks.observe({ delivery }, ms / 1000),
    refused: (why) => refusals.inc({ why }),
    answered: (what, outcome, ms) => answers.observe({ what, outcome }, ms / 1000),
    sockets: (open) => sockets.set(open),
  };
}
