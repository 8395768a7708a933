import type { StoredSnapshot } from '../../src/ports/log-store.ts';
import type { ServiceState } from '../../src/rollout/state.ts';
import type { Bot } from './bot.ts';
import type { Facts } from './facts.ts';
import { type GoldenName, goldenEnd } from './golden-script.ts';
import { checkChannel, checkLog, checkSettled, sameState, stillOpen } from './invariants-end.ts';
import type { People } from './people.ts';
import type { RecordIndex } from './record-index.ts';
import type { Replica } from './replica.ts';
import type { SimForm } from './sim-form.ts';
import type { LogTable } from './sim-log-store.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What is left of a life when it is over. */
export interface Remains {
  readonly facts: Facts;
  readonly time: VirtualTime;
  readonly table: LogTable;
  readonly form: SimForm;
  readonly people: People;
  readonly services: readonly string[];
  readonly replicas: readonly Replica[];
  readonly bots: ReadonlyMap<Replica, { readonly bot: Bot; readonly incarnation: number }>;
  readonly golden: GoldenName | null;
  /** It came to rest, rather than to its longest time. */
  readonly rested: boolean;
  indexOf(service: string): RecordIndex;
  snapshots(service: string): readonly StoredSnapshot[];
}

/** How long the last answers may take. */
const LAST_WORDS_MS = 60_000;
const ANSWER_WITHIN_MS = 600_000;

/** Checks what must hold in the end: the record, what every replica makes of it, the channel, and every answer. */
export async function checkRemains(remains: Remains): Promise<void> {
  const { facts, time, table, form, services } = remains;
  for (const service of services) {
    const state = checkLog(facts, table, service, remains.snapshots(service), form);
    if (remains.golden !== null && !goldenEnd(remains.golden, state))
      facts.violations.add('script-not-played', service);
    for (const open of stillOpen(state)) facts.violations.add('never-ends', `${service}: ${open}`);
    if (remains.rested) {
      checkChannel(facts, table, state);
      checkSettled(facts, state);
    }
    checkReplicas(remains, service, state);
  }
  const untilMs = time.nowMs + LAST_WORDS_MS;
  await time.run(() => time.nowMs > untilMs);
  checkAnswers(remains);
}

function checkReplicas({ bots, facts }: Remains, service: string, state: ServiceState): void {
  for (const [replica, { bot, incarnation }] of bots) {
    if (replica.incarnation !== incarnation || replica.frozen) continue;
    void bot.engine.state(service).then((reading) => {
      if (reading.kind === 'known' && reading.value.seq === state.seq && !sameState(reading.value, state)) {
        facts.violations.add('state-is-not-the-fold', `${service} as ${replica.name}.${incarnation} sees it`);
      }
    });
  }
}

function checkAnswers({ people, replicas, time, facts }: Remains): void {
  const alive = new Set(replicas.filter((r) => r.up).map((r) => `${r.name}.${r.incarnation}`));
  for (const press of people.presses) {
    for (const delivery of press.deliveries) {
      const longAgo = time.nowMs - delivery.atMs > ANSWER_WITHIN_MS;
      if (delivery.answer !== null || !alive.has(delivery.to) || !longAgo) continue;
      facts.violations.add('no-answer', `${press.person} ${press.service} ${press.request.verb} ${press.key}`);
    }
  }
}
