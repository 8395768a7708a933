/** The runtime: finds the fleet that serves now, a variant by weight, and the container's answer. */

import { writeInvocation } from './cloudwatch/endpoint-metrics.ts';
import type { Emulator } from './emulator.ts';
import { type ServingFleet, servingFleets } from './endpoint/endpoint-phase.ts';
import type { EndpointRecord, Fleet, FleetVariant } from './endpoint/endpoint-record.ts';
import { runningUses } from './endpoint/fleet-ledger.ts';
import { serveModel } from './model/serve-model.ts';
import { AwsError, internalFailure, throttlingException } from './wire/aws-error.ts';
import { numberMember, objectMember } from './wire/json-value.ts';

export interface Invocation {
  readonly endpoint: string;
  readonly targetVariant: string | undefined;
  readonly contentType: string;
  readonly body: string;
}

export interface InvocationReply {
  readonly contentType: string;
  readonly body: string;
  readonly variant: string;
  /** How long the container took; the server waits that long before it answers. */
  readonly serviceMs: number;
}

/** A refused invocation that nevertheless took the container its time. */
export class ModelError extends AwsError {
  readonly serviceMs: number;

  constructor(serviceMs: number, message: string, originalStatus: number, originalMessage: string, logStream: string) {
    super('ModelError', 424, message, {
      ErrorCode: originalStatus < 500 ? 'CLIENT_ERROR_FROM_MODEL' : 'SERVER_ERROR_FROM_MODEL',
      LogStreamArn: logStream,
      OriginalMessage: originalMessage,
      OriginalStatusCode: originalStatus,
    });
    this.serviceMs = serviceMs;
  }
}

export interface Runtime {
  /** Answers one invocation, or throws an AwsError. */
  invoke(invocation: Invocation): InvocationReply;
  /** How many requests each fleet answered, by `endpoint/config/variant`. */
  counts(): Record<string, number>;
}

/** The invocations of one account. */
export function createRuntime(emulator: Emulator): Runtime {
  const credits = new Map<string, number>();
  const counts = new Map<string, number>();

  return {
    counts: () => Object.fromEntries(counts),
    invoke(invocation) {
      emulator.settle();
      const target = { operation: 'InvokeEndpoint', endpoint: invocation.endpoint };
      if (emulator.takeFault('throttle', target) !== undefined) throw throttlingException();
      if (emulator.takeFault('internalError', target) !== undefined) throw internalFailure();
      const record = recordOf(emulator, invocation.endpoint);
      const fleet = chooseFleet(emulator, record, credits);
      const variant = chooseVariant(fleet, invocation, credits);
      const countKey = `${invocation.endpoint}/${fleet.configName}/${variant.name}`;
      counts.set(countKey, (counts.get(countKey) ?? 0) + 1);
      const url = variant.containers[0]?.modelDataUrl;
      const ofFleet = { ...target, config: fleet.configName };
      const reply = serveModel((url && emulator.settings.catalogue.behaviourOf(url)) || 'error', {
        contentType: invocation.contentType,
        body: invocation.body,
        swapped: emulator.takeFault('wrongModel', ofFleet) !== undefined,
        failing: emulator.takeFault('modelError', ofFleet) !== undefined,
      });
      const serviceMs = reply.serviceMs + (emulator.takeFault('slowModel', ofFleet)?.ms ?? 0);
      measure(emulator, record, fleet, variant, { status: reply.status, modelMs: serviceMs });
      if (reply.status !== 200)
        throw modelError(emulator, invocation.endpoint, variant, reply.status, reply.body, serviceMs);
      return { contentType: reply.contentType, body: reply.body, variant: variant.name, serviceMs };
    },
  };
}

const SECOND_MS = 1_000;
const MINUTE_SECONDS = 60;

/** Into the metrics. What the runtime itself refuses never came to the model, and is not in them. */
function measure(
  { world, metrics, clock, now }: Emulator,
  record: EndpointRecord,
  { configName }: Fleet,
  { name: variant }: FleetVariant,
  answer: { readonly status: number; readonly modelMs: number },
): void {
  const running = runningUses(world.uses, record.name).filter((use) => use.variant === variant);
  const count = (uses: typeof running) => uses.reduce((sum, use) => sum + use.count, 0);
  const config = objectMember(world.configs.get(configName.toLowerCase())?.members ?? {}, 'MetricsConfig');
  const everySeconds =
    config.EnableEnhancedMetrics === true ? numberMember(config, 'MetricPublishFrequencyInSeconds') : undefined;
  writeInvocation(metrics, clock.emulatedAt(now()), {
    endpoint: record.name,
    variant,
    // AWS speaks of it "during and after a deployment".
    configName: record.updated === true ? configName : null,
    instances: { ofFleet: count(running.filter((use) => use.configName === configName)), inAll: count(running) },
    ...answer,
    resolutionMs: (everySeconds ?? MINUTE_SECONDS) * SECOND_MS,
  });
}

/** Unlike everywhere else, the case of the name counts here. */
function recordOf(emulator: Emulator, name: string): EndpointRecord {
  const record = emulator.world.endpoints.get(name.toLowerCase());
  if (record?.name === name && servingFleets(record, emulator.now()).length > 0) return record;
  const message = `Endpoint ${name} of account ${emulator.settings.account.accountId} not found.`;
  throw new AwsError('ValidationError', 400, message, { ErrorCode: 'NO_SUCH_ENDPOINT' });
}

/** The fleet that is next by its share of the traffic, as evenly and as much without chance as variants are chosen. */
function chooseFleet(emulator: Emulator, record: EndpointRecord, credits: Map<string, number>): Fleet {
  const fleets = servingFleets(record, emulator.now());
  const keyOf = ({ fleet }: ServingFleet) => `${record.name}//${fleet.configName}`;
  const creditOf = (one: ServingFleet) => credits.get(keyOf(one)) ?? 0;
  // Where one answers alone, nothing is owed to anybody.
  if (fleets.length < 2)
    for (const key of [...credits.keys()]) if (key.startsWith(`${record.name}//`)) credits.delete(key);
  for (const one of fleets) credits.set(keyOf(one), creditOf(one) + one.share);
  const [next] = fleets.toSorted((a, b) => creditOf(b) - creditOf(a));
  if (next === undefined) return record.live;
  credits.set(keyOf(next), creditOf(next) - 1);
  return next.fleet;
}

/**
 * The variant asked for, or the next by weight: each one's credit grows by its share and the largest is served, so a
 * split of 9 to 1 is exactly that over ten requests.
 */
function chooseVariant(fleet: Fleet, invocation: Invocation, credits: Map<string, number>): FleetVariant {
  const refused = (message: string) => new AwsError('ValidationError', 400, message);
  if (invocation.targetVariant !== undefined) {
    const wanted = fleet.variants.find((variant) => variant.name === invocation.targetVariant);
    if (wanted === undefined) throw refused(`Variant ${invocation.targetVariant} of the endpoint was not found.`);
    return wanted;
  }
  const total = fleet.variants.reduce((sum, variant) => sum + variant.currentWeight, 0);
  const keyOf = (variant: FleetVariant) => `${invocation.endpoint}/${variant.name}`;
  const creditOf = (variant: FleetVariant) => credits.get(keyOf(variant)) ?? 0;
  const candidates = fleet.variants.filter((variant) => variant.currentWeight > 0);
  for (const variant of candidates) credits.set(keyOf(variant), creditOf(variant) + variant.currentWeight / total);
  const [next] = candidates.toSorted((a, b) => creditOf(b) - creditOf(a));
  if (next === undefined) throw refused('No variant of the endpoint has a weight above zero.');
  credits.set(keyOf(next), creditOf(next) - 1);
  return next;
}

function modelError(
  emulator: Emulator,
  endpoint: string,
  variant: FleetVariant,
  status: number,
  original: string,
  serviceMs: number,
): ModelError {
  const { account } = emulator.settings;
  const logGroup = `/aws/sagemaker/Endpoints/${endpoint}`;
  const logStream = `arn:aws:logs:${account.region}:${account.accountId}:log-group:${logGroup}:log-stream:${variant.name}`;
  const side = status < 500 ? 'client' : 'server';
  const message =
    `Received ${side} error (${status}) from primary with message "${original}". See ${logGroup} in account ` +
    `${account.accountId} for more information.`;
  return new ModelError(serviceMs, message, status, original, logStream);
}
