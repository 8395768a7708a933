/** Routes a request to SageMaker, its runtime, CloudWatch or STS, all on one port, and lets the faults of delivery strike. */
import type { Emulator } from '../emulator.ts';
import type { FaultTarget } from '../faults.ts';
import { ModelError, type Runtime } from '../invoke-endpoint.ts';
import { cloudWatchOperations } from '../operations/operation-table.ts';
import { AwsError, serializationException, unknownOperation } from './aws-error.ts';
import {
  awsJsonErrorReply,
  awsJsonReply,
  cloudWatchErrorReply,
  cloudWatchReply,
  invocationReply,
  runtimeErrorReply,
} from './aws-replies.ts';
import { accessKeyOf } from './caller-of.ts';
import type { HttpReply, HttpRequest } from './http-exchange.ts';
import { type JsonObject, parseJsonObject, textMember } from './json-value.ts';
import { callerIdentityReply, stsErrorReply } from './sts-reply.ts';

export interface AwsDeps {
  readonly emulator: Emulator;
  readonly runtime: Runtime;
  /** Waits; rejects when the server closes meanwhile. */
  readonly sleep: (ms: number) => Promise<void>;
}

interface JsonService {
  readonly prefix: string;
  has(operation: string): boolean;
  reply(body: JsonObject): HttpReply;
  refuse(error: AwsError): HttpReply;
}

const SAGEMAKER: JsonService = {
  prefix: 'SageMaker.',
  has: (operation) => !cloudWatchOperations.has(operation),
  reply: awsJsonReply,
  refuse: awsJsonErrorReply,
};
const CLOUDWATCH: JsonService = {
  prefix: 'GraniteServiceVersion20100801.',
  has: (operation) => cloudWatchOperations.has(operation),
  reply: cloudWatchReply,
  refuse: cloudWatchErrorReply,
};
const INVOCATION_PATH = /^\/endpoints\/([^/]+)\/invocations$/;

/** One request understood: what it is about, how to do it, and how its protocol writes an error. */
interface Exchange {
  readonly target: FaultTarget;
  act(): Promise<HttpReply>;
  refuse(error: AwsError): HttpReply;
}

/** Answers one AWS request; `lost` means that the effect stands and the socket is to be destroyed. */
export async function answerAws(deps: AwsDeps, request: HttpRequest, requestId: string): Promise<HttpReply | 'lost'> {
  const exchange = exchangeOf(deps, request, requestId);
  const { emulator, sleep } = deps;
  const late = emulator.takeFault('landLate', exchange.target);
  if (late !== undefined) await sleep(late.ms ?? 0);
  const reply = await exchange.act().catch((error: unknown) => {
    if (error instanceof AwsError) return exchange.refuse(error);
    throw error;
  });
  const delay = emulator.takeFault('delayReply', exchange.target);
  if (delay !== undefined) await sleep(delay.ms ?? 0);
  return emulator.takeFault('loseReply', exchange.target) === undefined ? reply : 'lost';
}

function exchangeOf(deps: AwsDeps, request: HttpRequest, requestId: string): Exchange {
  const endpoint = INVOCATION_PATH.exec(new URL(request.path, 'http://sandbox').pathname)?.[1];
  if (endpoint !== undefined && request.method === 'POST')
    return invocation(deps, request, decodeURIComponent(endpoint));
  if ((request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded'))
    return stsCall(deps, request, requestId);
  return jsonCall(deps, request, requestId);
}

function jsonCall({ emulator }: AwsDeps, request: HttpRequest, requestId: string): Exchange {
  const name = request.headers['x-amz-target'] ?? '';
  const service = name.startsWith(CLOUDWATCH.prefix) ? CLOUDWATCH : SAGEMAKER;
  const called = name.startsWith(service.prefix) ? name.slice(service.prefix.length) : '';
  const operation = service.has(called) ? called : '';
  const input = parseJsonObject(request.body.toString('utf8'));
  return {
    target: { operation, endpoint: input === null ? undefined : textMember(input, 'EndpointName') },
    async act() {
      const accessKeyId = accessKeyOf(request);
      if (operation === '') throw unknownOperation();
      if (input === null) throw serializationException('The body is not a JSON object.');
      const userAgent = request.headers['user-agent'];
      return service.reply(emulator.call({ operation, input, requestId, by: 'api', accessKeyId, userAgent }));
    },
    refuse: service.refuse,
  };
}

function invocation({ runtime, sleep }: AwsDeps, request: HttpRequest, endpoint: string): Exchange {
  return {
    target: { operation: 'InvokeEndpoint', endpoint },
    async act() {
      accessKeyOf(request);
      try {
        const reply = runtime.invoke({
          endpoint,
          targetVariant: request.headers['x-amzn-sagemaker-target-variant'],
          contentType: request.headers['content-type'] ?? 'application/octet-stream',
          body: request.body.toString('utf8'),
        });
        await sleep(reply.serviceMs);
        return invocationReply(reply);
      } catch (error) {
        if (error instanceof ModelError) await sleep(error.serviceMs);
        throw error;
      }
    },
    refuse: runtimeErrorReply,
  };
}

function stsCall({ emulator }: AwsDeps, request: HttpRequest, requestId: string): Exchange {
  const operation = new URLSearchParams(request.body.toString('utf8')).get('Action') ?? '';
  return {
    target: { operation },
    async act() {
      accessKeyOf(request);
      if (operation !== 'GetCallerIdentity')
        throw new AwsError('InvalidAction', 400, `Could not find operation ${operation} for the sandbox's STS.`);
      return callerIdentityReply(emulator.settings.account, requestId);
    },
    refuse: (error) => stsErrorReply(error, requestId),
  };
}
