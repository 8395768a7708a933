import { type Json, type JsonObject, parseJson } from './json.ts';

/** One Web API call or one use of a response URL, without its token. */
export interface LoggedCall {
  seq: number;
  atMs: number;
  method: string;
  args: JsonObject;
  tokenKind: 'bot' | 'app' | 'none' | 'unknown';
  status: number;
  response: Json;
  durationMs: number;
  /** What was done to it on purpose. */
  fault?: string;
}

/** Older calls are forgotten beyond this many. */
const KEEP = 10_000;

/** Structured arguments arrive as JSON text in a form; the log shows what they hold. */
function unpacked(args: JsonObject): JsonObject {
  const entries = Object.entries(args).map(([name, value]): [string, Json | undefined] => {
    const structured = typeof value === 'string' && /^[[{]/.test(value);
    return [name, structured ? (parseJson(value) ?? value) : value];
  });
  return Object.fromEntries(entries);
}

export function createCallLog() {
  const calls: LoggedCall[] = [];
  let seq = 0;
  return {
    add(call: Omit<LoggedCall, 'seq'>): void {
      seq += 1;
      calls.push({ seq, ...call, args: unpacked(call.args) });
      if (calls.length > KEEP) calls.shift();
    },
    list: (filter: { method?: string; afterSeq?: number } = {}): LoggedCall[] =>
      calls.filter(
        (call) => (filter.method === undefined || call.method === filter.method) && call.seq > (filter.afterSeq ?? 0),
      ),
  };
}

export type CallLog = ReturnType<typeof createCallLog>;
