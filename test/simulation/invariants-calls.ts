import type { ArrivedCall } from './endpoint-truth.ts';
import type { Facts } from './facts.ts';
import { checkProdChange, where } from './invariants-prod.ts';
import { plain } from './plain.ts';
import type { RecordIndex } from './record-index.ts';

/** Each call has its intent, each intent one send, and nothing takes effect after it was overtaken. */
export interface CallChecks {
  departs(endpointName: string, service: string, intent: number, by: string): void;
  over(endpointName: string, service: string, intent: number): void;
  accepted(call: ArrivedCall): void;
}

export function createCallChecks(facts: Facts, indexOf: (service: string) => RecordIndex): CallChecks {
  const { violations } = facts;
  const sent = new Set<string>();
  const flying = new Map<string, Set<number>>();

  return {
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
      if (call.environment === 'prod') checkProdChange(facts, index, said, call);
    },
  };
}
