import type { CallReply, Endpoints, PrepareRequest } from '../../src/ports/endpoints.ts';
import type { PrepareResult } from '../../src/rollout/input.ts';
import { known, type Reading, unknown } from '../../src/rollout/observation.ts';
import { reason } from '../../src/rollout/reasons.ts';
import type { Chance } from './chance.ts';
import type { SageMaker } from './sagemaker.ts';
import type { CallOut } from './sim-log-store.ts';
import type { VirtualTime } from './virtual-time.ts';

/** "A describe may be seconds old": never older than this. */
const STALEST_MS = 5_000;
const READ_TIMEOUT_MS = 20_000;
/** Longer than any wait of the core: whoever calls must abort. */
const SEND_TIMEOUT_MS = 600_000;
const SEND_WEIGHT = 40;

export interface SimEndpointsOptions {
  /** A mutant: what exists under the name is taken for our own. */
  readonly adoptsBlindly: boolean;
  /** A mutant: no answer is told as a definite no. */
  readonly timeoutIsRefusal: boolean;
  /** How many of the describes are old ones. */
  readonly staleDescribes: number;
  /** How often only the model is made. */
  readonly halfPrepared: number;
}

export interface SendWatch {
  departs(endpointName: string, service: string, intent: number, by: string): void;
  over(endpointName: string, service: string, intent: number): void;
}

/** One process's view of SageMaker. */
export function createSimEndpoints(
  sagemaker: SageMaker,
  time: VirtualTime,
  chance: Chance,
  by: string,
  call: CallOut,
  watch: SendWatch,
  options: SimEndpointsOptions,
): Endpoints {
  function read<T>(name: string, detail: string, apply: () => T): Promise<Reading<T>> {
    return call<Reading<T>>({
      name: `aws.${name}`,
      detail,
      weight: 2,
      timeoutMs: READ_TIMEOUT_MS,
      apply: () => known(apply()),
      lost: (why) => unknown(why),
      throttled: () => unknown('ThrottlingException'),
    });
  }

  function prepare(request: PrepareRequest): PrepareResult {
    const { configName, modelName, candidate, environment, tags } = request;
    const { packageArn } = candidate;
    const madeAtMs = time.nowMs;
    const { capacity } = candidate.plans[environment];
    const instanceCount = capacity.kind === 'instances' ? capacity.instanceCount : 1;
    const there = sagemaker.configs.get(configName);
    if (there !== undefined && !options.adoptsBlindly && there.packageArn !== packageArn) {
      return { kind: 'refused', reason: reason('name-taken', { name: configName, field: 'ModelPackageName' }) };
    }
    if (!sagemaker.models.has(modelName)) sagemaker.models.set(modelName, { modelName, packageArn, tags, madeAtMs });
    if (there !== undefined) return { kind: 'prepared', created: [], adopted: [modelName, configName] };
    if (chance.happens(options.halfPrepared)) return { kind: 'later', why: 'the config could not be made' };
    sagemaker.configs.set(configName, { configName, modelName, packageArn, instanceCount, tags, madeAtMs });
    const created = [
      { what: 'model', arn: `arn:model/${modelName}`, requestId: null },
      { what: 'endpoint-config', arn: `arn:endpoint-config/${configName}`, requestId: null },
    ];
    return { kind: 'prepared', created, adopted: [] };
  }

  return {
    describe: (_environment, name) =>
      read('describe', name, () => {
        const staleMs = chance.happens(options.staleDescribes) ? chance.between(0, STALEST_MS) : 0;
        return sagemaker.endpoint(name).at(time.nowMs - staleMs).seen;
      }),
    chain: (_environment, configName) => read('chain', configName, () => sagemaker.chain(configName)),
    tags: (_environment, arn) =>
      read('tags', arn, () => [...sagemaker.endpoints.values()].find((e) => e.arn === arn)?.tags ?? {}),
    prepare: (request) =>
      call<PrepareResult>({
        name: 'aws.prepare',
        detail: request.configName,
        weight: 8,
        timeoutMs: READ_TIMEOUT_MS,
        apply: () => prepare(request),
        lost: (why) => ({ kind: 'later', why }),
        throttled: () => ({ kind: 'later', why: 'ThrottlingException' }),
      }),
    send: (endpointCall, permission, signal, stillFresh) =>
      call<CallReply>({
        name: `aws.${endpointCall.kind}`,
        detail: `${endpointCall.endpointName} #${permission.seq}`,
        weight: SEND_WEIGHT,
        timeoutMs: SEND_TIMEOUT_MS,
        abort: signal,
        heldBack: () => (stillFresh() ? null : { kind: 'not-sent', why: 'too late to be sent' }),
        departs: () => watch.departs(endpointCall.endpointName, permission.service, permission.seq, by),
        over: () => watch.over(endpointCall.endpointName, permission.service, permission.seq),
        apply() {
          const refused = sagemaker.receive(endpointCall, permission.seq, by);
          const requestId = chance.hex(8);
          if (refused === null) return { kind: 'accepted', requestId };
          const why = reason('call-refused', { words: refused.words });
          return { kind: 'refused', requestId, reason: why, retryable: refused.retryable };
        },
        lost: (why) =>
          options.timeoutIsRefusal
            ? { kind: 'refused', requestId: null, reason: reason('call-refused', { words: why }), retryable: true }
            : { kind: 'unclear', why },
        throttled: () => ({
          kind: 'refused',
          requestId: chance.hex(8),
          reason: reason('call-refused', { words: 'Rate exceeded' }),
          retryable: true,
        }),
      }),
  };
}
