import type { CallReply } from '../../src/ports/endpoints.ts';
import type { RegistryDecisions } from '../../src/ports/registry-decisions.ts';
import { type Reason, reason } from '../../src/rollout/reasons.ts';
import type { Chance } from './chance.ts';
import type { CallOut } from './sim-log-store.ts';
import type { Registry, RegistryIntent, StatusCall } from './sim-registry.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What is told of every call that changes a package. */
export interface DecisionWatch {
  departs(intent: RegistryIntent, by: string): void;
  /** Right before its effect. */
  lands(call: StatusCall): void;
  staged(packageArn: string, stage: string): void;
}

/** Longer than any wait of the core: whoever calls must abort. */
const SEND_TIMEOUT_MS = 600_000;
const SEND_WEIGHT = 40;
const STAGE_WITHIN_MS = 10_000;

/** One process's way to write to the Model Registry. */
export function createSimDecisions(
  registry: Registry,
  time: VirtualTime,
  chance: Chance,
  by: string,
  call: CallOut,
  watch: DecisionWatch,
  options: {
    /** How often it says no for good. */
    refuses(): boolean;
    /** A mutant: what is long decided is told all the same, once the machine wakes. */
    readonly leavesLate: boolean;
  },
): RegistryDecisions {
  return {
    decide: ({ permission, writer, description, signal, stillFresh }) => {
      const { service, seq: intent, packageArn, status } = permission;
      const token = `${service} ${intent} ${writer}`;
      const made: StatusCall = { service, intent, packageArn, status, description, token, by };
      return call<CallReply>({
        name: 'registry.setStatus',
        detail: `${packageArn} ${status} ${service}#${intent}`,
        weight: SEND_WEIGHT,
        timeoutMs: SEND_TIMEOUT_MS,
        abort: signal,
        heldBack: () => (stillFresh() || options.leavesLate ? null : { kind: 'not-sent', why: 'too late to be sent' }),
        departs: () => watch.departs(made, by),
        apply() {
          const requestId = chance.hex(8);
          if (options.refuses()) return refused(requestId, 'AccessDeniedException', false);
          watch.lands(made);
          const taken = registry.setStatus(made, time.nowMs);
          return taken ? { kind: 'accepted', requestId } : refused(requestId, 'ConflictException', false);
        },
        lost: (why) => ({ kind: 'unclear', why }),
        throttled: () => refused(chance.hex(8), 'Rate exceeded', true),
      });
    },
    setStage: (packageArn, stage) =>
      call<Reason | null>({
        name: 'registry.setStage',
        detail: `${packageArn} ${stage}`,
        weight: 2,
        timeoutMs: STAGE_WITHIN_MS,
        apply() {
          watch.staged(packageArn, stage);
          registry.stages.set(packageArn, stage);
          return null;
        },
        lost: (why) => reason('call-refused', { words: why }),
        throttled: () => reason('call-refused', { words: 'Rate exceeded' }),
      }),
  };
}

function refused(requestId: string, words: string, retryable: boolean): CallReply {
  return { kind: 'refused', requestId, reason: reason('call-refused', { words }), retryable };
}
