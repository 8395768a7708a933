import type { ArrivedCall } from './endpoint-truth.ts';
import type { Facts } from './facts.ts';
import { checkEndpointRemoval } from './invariants-cleanup.ts';
import { checkProdChange, where } from './invariants-prod.ts';
import { plain } from './plain.ts';
import type { RecordIndex } from './record-index.ts';

/** Each call has its intent, each intent one send, and nothing takes effect after it was overtaken. */
export interface CallChecks {
  /** This process was answered with the log up to this entry. */
  hasRead(by: string, service: string, seq: number): void;
  departs(endpointName: string, service: string, intent: number, by: string): void;
  over(endpointName: string, service: string, intent: number): void;
  accepted(call: ArrivedCall): void;
  /** The last entry of this service that this process was answered with. */
  readUpTo(by: string, service: string): number;
}

export function createCallChecks(facts: Facts, indexOf: (service: string) => RecordIndex): CallChecks {
  const { violations } = facts;
  const sent = new Set<string>();
  const flying = new Map<string, Set<number>>();
  const read = new Map<string, number>();

  const readUpTo = (by: string, service: string) => read.get(`${by} ${service}`) ?? 0;

  return {
    readUpTo,
    hasRead(by, service, seq) {
      const key = `${by} ${service}`;
      read.set(key, Math.max(seq, read.get(key) ?? 0));
    },
    departs(endpointName, service, intent, by) {
      const key = `${service}#${intent}`;
      if (sent.has(key)) violations.add('intent-sent-twice', `${key} by ${by}`);
      sent.add(key);
      const others = flying.get(endpointName) ?? new Set<number>();
      flying.set(endpointName, others);
      for (const other of others) {
        if (other !== intent)
          violations.add('two-calls-in-flight', `${endpointName}: #${other} and #${intent} by ${by}`);
      }
      others.add(intent);
      checkStillWanted(facts, indexOf(service), intent, by, readUpTo(by, service));
    },
    over(endpointName, _service, intent) {
      flying.get(endpointName)?.delete(intent);
    },
    accepted(call) {
      const index = indexOf(call.service);
      const said = index.find('CallIntended', call.intent);
      if (said === undefined || plain(said.event.call) !== plain(call.call)) {
        return violations.add('call-without-intent', where(call));
      }
      const newer = index
        .all('CallIntended')
        .find((i) => i.seq > call.intent && i.event.environment === call.environment);
      if (newer !== undefined) violations.add('call-after-newer-intent', `${where(call)}, #${newer.seq} is newer`);
      const decided = index.all('CallDecided').find((d) => d.event.intent === call.intent);
      if (decided !== undefined && decided.event.outcome.kind !== 'landed') {
        violations.add('call-after-its-outcome', `${where(call)}, recorded as ${decided.event.outcome.kind}`);
      }
      const deployment = index.find('DeploymentStarted', said.event.deployment)?.event;
      if (
        deployment !== undefined &&
        index.all('CleanupProposed').some((p) => p.event.cleanupId === deployment.owner)
      ) {
        checkEndpointRemoval(facts, index, call, deployment.owner);
      } else if (call.environment === 'prod') checkProdChange(facts, index, said, call);
    },
  };
}

/** Whoever sends has not read that the deployment was stopped, or its environment held, after the intent. */
function checkStillWanted(facts: Facts, index: RecordIndex, intent: number, by: string, readUpTo: number): void {
  const said = index.find('CallIntended', intent);
  if (said === undefined) return;
  const { environment, deployment } = said.event;
  const since = (seq: number) => seq > intent && seq <= readUpTo;
  const stopped = index.all('DeploymentAbortMarked').find((s) => s.event.deployment === deployment && since(s.seq));
  if (stopped !== undefined) {
    facts.violations.add('sent-though-stopped', `${index.service} #${intent} by ${by}, who had read ${stopped.seq}`);
  }
  const started = index.find('DeploymentStarted', deployment)?.event;
  const cleansUp = index.all('CleanupProposed').some((p) => p.event.cleanupId === started?.owner);
  // A rollback goes on whatever is held.
  if (started?.kind !== 'rollout' && !cleansUp) return;
  const released = index.all('HoldReleased').flatMap((r) => (since(r.seq) ? r.event.holds : []));
  const held = index
    .all('HoldPlaced')
    .find(
      (h) => h.event.environment === environment && h.event.until === null && since(h.seq) && !released.includes(h.seq),
    );
  if (held !== undefined) {
    facts.violations.add('sent-though-held', `${index.service} #${intent} by ${by}, who had read ${held.seq}`);
  }
}
