/** `/_control/*`: the control interface as JSON over HTTP, for this machine only. */
import { z } from 'zod';
import { type FaultKind, faultKinds, faultRequest } from '../faults.ts';
import { type HttpReply, type HttpRequest, jsonReply } from '../wire/http-exchange.ts';
import {
  ControlRefused,
  consoleRequest,
  outOfServiceRequest,
  type SageMakerControl,
  speedRequest,
  systemUpdateRequest,
} from './control-api.ts';

const LOOPBACK_HOSTS = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** Answers a request below `/_control`. Everything but JSON from a loopback host is refused, so no web page gets in. */
export async function answerControl(control: SageMakerControl, request: HttpRequest): Promise<HttpReply> {
  if (!LOOPBACK_HOSTS.test(request.headers.host ?? ''))
    return refusal(403, 'Forbidden', 'The control interface answers requests to a loopback host only.');
  if (request.method === 'POST' && !(request.headers['content-type'] ?? '').startsWith('application/json'))
    return refusal(415, 'UnsupportedMediaType', 'Send application/json.');
  try {
    return await route(control, request);
  } catch (error) {
    if (error instanceof ControlRefused) return refusal(400, error.code, error.message);
    if (error instanceof z.ZodError) return refusal(400, 'BadRequest', z.prettifyError(error));
    if (error instanceof SyntaxError) return refusal(400, 'BadRequest', 'The body is not JSON.');
    throw error;
  }
}

async function route(control: SageMakerControl, request: HttpRequest): Promise<HttpReply> {
  const url = new URL(request.path, 'http://sandbox');
  const body = (): unknown => JSON.parse(request.body.toString('utf8') || '{}');
  switch (`${request.method} ${url.pathname.replace('/_control', '')}`) {
    case 'GET /state':
      return jsonReply(200, await control.state());
    case 'GET /journal':
      return jsonReply(200, await control.journal(Number(url.searchParams.get('after') ?? 0)));
    case 'GET /cost':
      return jsonReply(200, await control.cost());
    case 'GET /faults':
      return jsonReply(200, await control.faults());
    case 'POST /faults':
      return jsonReply(201, await control.setFault(faultRequest.parse(body())));
    case 'DELETE /faults':
      return jsonReply(200, { cleared: await control.clearFaults(filterOf(url.searchParams)) });
    case 'POST /speed':
      await control.setSpeed(speedRequest.parse(body()).speed);
      return jsonReply(200, {});
    case 'POST /console': {
      const { operation, parameters } = consoleRequest.parse(body());
      return jsonReply(200, await control.console(operation, parameters));
    }
    case 'POST /out-of-service': {
      const { endpoint, out } = outOfServiceRequest.parse(body());
      await control.outOfService(endpoint, out);
      return jsonReply(200, {});
    }
    case 'POST /system-update':
      await control.systemUpdate(systemUpdateRequest.parse(body()).endpoint);
      return jsonReply(200, {});
    default:
      return refusal(404, 'NotFound', `There is no ${request.method} ${url.pathname}.`);
  }
}

function filterOf(query: URLSearchParams): { id?: string | undefined; kind?: FaultKind | undefined } {
  const kind = query.get('kind');
  return {
    id: query.get('id') ?? undefined,
    kind: kind === null ? undefined : z.enum(faultKinds).parse(kind),
  };
}

function refusal(status: number, code: string, message: string): HttpReply {
  return jsonReply(status, { error: code, message });
}
