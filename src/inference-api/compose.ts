/** The one place where the inference API's parts are put together. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createInferenceAws, type InferenceAws } from '../adapters/inference-aws.ts';
import type { Logger } from '../ports/logger.ts';
import { createApiKeys } from './auth/api-keys.ts';
import { type Authenticator, createOpenDoor } from './auth/caller.ts';
import { createOidc } from './auth/oidc.ts';
import { createRateLimit } from './auth/rate-limit.ts';
import type { InferenceConfig } from './config.ts';
import { createInFlight, createOpenRequests } from './in-flight.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import type { Readiness } from './routes/operations.ts';
import { createRuntimeClient } from './runtime/client.ts';
import { createRetryingInvoke } from './runtime/retry.ts';
import { createServedModel, type ServedModel } from './served-model.ts';
import { createInferenceServer } from './server.ts';
import { type FollowedPointer, followPointer } from './serving/pointer.ts';
import { type Serving, serveEndpoint, servePointer } from './serving/serving.ts';

export interface InferenceApi {
  /** Listens; resolves with the address. */
  start(): Promise<string>;
  /** Says not ready, goes on answering for the configured while, then ends what is in flight and closes. */
  stop(): Promise<void>;
}

/** While an update is under way it is looked at this often, milliseconds, or as often as at rest if that is oftener. */
const CHANGING_EVERY_MS = 2_000;
/** One reading of the pointer, milliseconds: with the interval's 500 less than the second that a flip may take. */
const POINTER_WITHIN_MS = 450;
/** How long the last answers have to leave this machine, milliseconds. */
const LAST_BYTES_MS = 50;
/** As much of a minute's tokens at once. */
const OIDC_BURST_SHARE = 1 / 6;

export async function composeInferenceApi(config: InferenceConfig, log: Logger): Promise<InferenceApi> {
  const aws = createInferenceAws({ nowMs: Date.now });
  const monotonicMs = () => performance.now();
  const authenticator = authenticatorOf(config, aws, log);
  const inFlight = createInFlight(config.limits.inFlight);
  const serving = servingOf(config, aws, log, () => metrics);
  const metrics: Metrics = createMetrics({
    inFlight: inFlight.count,
    servedVersions: () => versionsOf(serving),
    pointer: serving.pointer,
  });
  const client = createRuntimeClient({
    address: await aws.address(),
    identity: aws.identity,
    connections: config.limits.inFlight,
    nowMs: Date.now,
  });
  const open = createOpenRequests();
  let draining = false;
  const app = await createInferenceServer({
    config,
    authenticator,
    rateLimit: createRateLimit(monotonicMs),
    serving,
    inFlight,
    metrics,
    invoke: createRetryingInvoke({
      client,
      nowMs: monotonicMs,
      sleep: async (ms) => {
        await sleep(ms);
      },
      random: Math.random,
      onRetry: metrics.retried,
    }),
    readiness: readinessOf(config, authenticator, serving, () => draining),
    log,
    nowMs: monotonicMs,
    open,
    isDraining: () => draining,
  });

  return {
    async start() {
      await authenticator.start();
      serving.start();
      const address = await app.listen({ host: config.host, port: config.port });
      if (config.auth.kind === 'open-to-everybody') log.warn({}, 'no credentials are asked for: open to everybody');
      log.info({ address, serves: config.serves }, 'the inference API is listening');
      return address;
    },
    async stop() {
      draining = true;
      await sleep(config.timeouts.drainMs);
      const closed = app.close();
      await open.none();
      // Node ends idle connections, but not one that was opened and has not asked anything yet.
      await sleep(LAST_BYTES_MS);
      app.server.closeAllConnections();
      await closed;
      // What the model is still asked is for callers that left.
      await client.close();
      serving.stop();
      authenticator.stop();
      aws.destroy();
    },
  };
}

function authenticatorOf(config: InferenceConfig, aws: InferenceAws, log: Logger): Authenticator {
  const { auth } = config;
  const onFault = (why: string) => log.error({ why }, 'callers cannot be told apart as configured');
  switch (auth.kind) {
    case 'open-to-everybody':
      return createOpenDoor();
    case 'oidc':
      return createOidc({
        ...auth,
        rate: { perMinute: auth.perMinute, burst: Math.max(1, Math.round(auth.perMinute * OIDC_BURST_SHARE)) },
        nowMs: Date.now,
        onFault,
      });
    case 'api-keys': {
      const { from, reloadEveryMs } = auth;
      const source =
        'file' in from ? { name: from.file, read: () => readFile(from.file, 'utf8') } : aws.secret(from.secretId);
      return createApiKeys({ source, reloadEveryMs, nowMs: Date.now, onFault });
    }
    default:
      return auth satisfies never;
  }
}

function servingOf(config: InferenceConfig, aws: InferenceAws, log: Logger, metrics: () => Metrics): Serving {
  const { serves } = config;
  const modelOf = (endpointName: string) =>
    servedModelOf(config, endpointName, aws, log, (result) => metrics().servedModelRead(result));
  if (serves.kind === 'endpoint') return serveEndpoint(serves.endpointName, modelOf(serves.endpointName));
  const pointer = (turnTo: Parameters<Parameters<typeof servePointer>[0]['pointer']>[0]): FollowedPointer => {
    let failing = false;
    return followPointer({
      reader: aws.pointer({ ...serves, withinMs: POINTER_WITHIN_MS }),
      everyMs: serves.everyMs,
      nowMs: () => performance.now(),
      onRead(result, why) {
        metrics().pointerRead(result);
        // Twice a second: once for each time that it begins or is over.
        if (result === 'failed' && !failing) log.error({ why }, 'the pointer cannot be followed; the last one counts');
        if (result === 'ok' && failing) log.info({}, 'the pointer is followed again');
        failing = result === 'failed';
      },
      onFlip(to) {
        turnTo(to);
        log.info({ endpoint: to.endpointName, version: to.version, entry: to.seq }, 'the pointer names this endpoint');
      },
    });
  };
  return servePointer({ pointer, modelOf });
}

function servedModelOf(
  config: InferenceConfig,
  endpointName: string,
  aws: InferenceAws,
  log: Logger,
  count: (result: 'ok' | 'failed') => void,
): ServedModel {
  return createServedModel({
    reader: aws.reader(endpointName),
    everyMs: config.refreshEveryMs,
    changingEveryMs: Math.min(CHANGING_EVERY_MS, config.refreshEveryMs),
    nowMs: Date.now,
    onRead(result, why) {
      count(result);
      if (result === 'failed') log.warn({ why }, 'which model serves cannot be read');
    },
    onChange(now) {
      const facts = {
        endpoint: endpointName,
        config: now?.endpoint.configName,
        packages: now?.live.variants,
        rollout: now?.live.rolloutId,
      };
      log.info(facts, now === null ? 'there is no endpoint' : 'another model serves');
    },
  });
}

function versionsOf(serving: Serving): string[] {
  const target = serving.now();
  const now = target?.current();
  const all = [...(now?.live.variants ?? []), ...(now?.pending?.variants ?? [])];
  const versions = all.flatMap(({ variant }) => target?.versionOf(variant)?.split(', ') ?? []);
  return [...new Set(versions)];
}

/** Beyond a second, and beyond two intervals, a flip may go unnoticed for longer than promised. */
const STALE_AFTER_MS = 1_000;
const STALE_AFTER_READINGS = 2;

function readinessOf(
  { serves }: InferenceConfig,
  authenticator: Authenticator,
  serving: Serving,
  isDraining: () => boolean,
): Readiness {
  return {
    missing() {
      return [
        ...(isDraining() ? ['this process is stopping'] : []),
        ...(authenticator.isReady() ? [] : ['callers cannot be told apart yet']),
        ...serving.missing(),
      ];
    },
    stale() {
      const readAgoMs = serving.pointer()?.readAgoMs;
      if (readAgoMs === undefined || serves.kind !== 'pointer') return [];
      if (readAgoMs <= Math.max(STALE_AFTER_MS, serves.everyMs * STALE_AFTER_READINGS)) return [];
      return [`the pointer was last read ${Math.round(readAgoMs / 1_000)} s ago; questions go where it led then`];
    },
  };
}
