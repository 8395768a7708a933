import { eventsOf } from '../../sandbox/demo/record.ts';
import type { CallEntry, JournalEntry } from '../../sandbox/sagemaker/journal.ts';
import type { Environment } from '../../src/rollout/candidate.ts';
import type { Entry } from '../../src/rollout/events.ts';
import { evolve } from '../../src/rollout/evolve.ts';
import { initialState } from '../../src/rollout/state.ts';

export interface Verdict {
  /** What was recorded, asked for or answered, and did not happen or did not stay. */
  readonly lost: readonly string[];
  /** What happened more often than it was meant, or without being meant. */
  readonly doubled: readonly string[];
}

export interface Facts {
  readonly service: string;
  readonly entries: readonly Entry[];
  readonly journal: readonly JournalEntry[];
  /** Which config each endpoint serves in the end; null: there is none. */
  readonly serving: Readonly<Record<Environment, { readonly config: string; readonly status: string } | null>>;
  /** What people were told, each the words of one answer. */
  readonly answers: readonly string[];
}

/** The log and SageMaker's own journal side by side: what one says and the other does not. */
export function judge(facts: Facts): Verdict {
  return {
    lost: [...recordedButNotMade(facts), ...notWhatTheRecordSays(facts), ...answeredButNotRecorded(facts)],
    doubled: [...madeButNotRecorded(facts), ...commandsTwice(facts), ...prodWithoutApproval(facts)],
  };
}

const OPERATIONS = { create: 'CreateEndpoint', update: 'UpdateEndpoint', delete: 'DeleteEndpoint' } as const;

/** How often each call should have been made, by what the log says became of it. */
function recorded({ entries }: Facts): Map<string, number> {
  const intents = new Map(
    eventsOf(entries, 'CallIntended').map(({ entry, event }) => {
      const { call } = event;
      const config = call.kind === 'delete' ? '' : call.configName;
      return [entry.seq, `${OPERATIONS[call.kind]} ${call.endpointName} ${config}`] as const;
    }),
  );
  const happened = eventsOf(entries, 'CallDecided').filter(
    ({ event }) => event.outcome.kind === 'accepted' || event.outcome.kind === 'landed',
  );
  return countOf(happened.map(({ event }) => intents.get(event.intent) ?? 'a call without an intent'));
}

function made(facts: Facts): Map<string, number> {
  return countOf(
    callsOf(facts).map(
      ({ operation, endpoint, parameters }) => `${operation} ${endpoint} ${parameters.EndpointConfigName ?? ''}`,
    ),
  );
}

function callsOf({ journal, service }: Facts): readonly CallEntry[] {
  return journal.filter(
    (entry): entry is CallEntry =>
      entry.kind === 'call' &&
      entry.outcome === 'accepted' &&
      entry.endpoint?.startsWith(`titanic-${service}-`) === true &&
      Object.values<string>(OPERATIONS).includes(entry.operation),
  );
}

function countOf(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function recordedButNotMade(facts: Facts): readonly string[] {
  const calls = made(facts);
  return [...recorded(facts)]
    .filter(([key, count]) => count > (calls.get(key) ?? 0))
    .map(([key, count]) => `recorded ${count} times, made ${calls.get(key) ?? 0} times: ${key}`);
}

function madeButNotRecorded(facts: Facts): readonly string[] {
  const meant = recorded(facts);
  return [...made(facts)]
    .filter(([key, count]) => count > (meant.get(key) ?? 0))
    .map(([key, count]) => `made ${count} times, recorded ${meant.get(key) ?? 0} times: ${key}`);
}

/** In the end SageMaker serves what the record says is on top. */
function notWhatTheRecordSays({ service, entries, serving }: Facts): readonly string[] {
  const state = entries.reduce(evolve, initialState(service));
  return (['staging', 'prod'] as const).flatMap((environment) => {
    const { stack, settled } = state.environments[environment];
    const top = stack.at(-1);
    const seen = serving[environment];
    if (!settled || top === undefined) return [];
    if (seen?.config === top.configName && seen.status === 'InService') return [];
    return [`${environment} should serve ${top.configName}, and serves ${seen?.config ?? 'nothing'} (${seen?.status})`];
  });
}

/** Who was told that something started finds it in the record. */
function answeredButNotRecorded({ service, entries, answers }: Facts): readonly string[] {
  const known = new Set(eventsOf(entries, 'RolloutStarted').map(({ event }) => event.rolloutId));
  return answers.flatMap((answer) => {
    const id = new RegExp(`^Rollout (${service}-\\d+) .*has started`).exec(answer)?.[1];
    return id === undefined || known.has(id) ? [] : [`told, and not recorded: ${answer}`];
  });
}

function commandsTwice({ entries }: Facts): readonly string[] {
  const keys = entries.flatMap(({ commandKey }) => (commandKey === null ? [] : [commandKey]));
  return [...countOf(keys)].filter(([, count]) => count > 1).map(([key, count]) => `${count} entries for “${key}”`);
}

/** Each rollout's call to prod comes after its approval. */
function prodWithoutApproval(facts: Facts): readonly string[] {
  const approved = new Map(
    eventsOf(facts.entries, 'PromotionApproved').map(({ entry, event }) => [event.rolloutId, Date.parse(entry.at)]),
  );
  return callsOf(facts).flatMap((call) => {
    const config = String(call.parameters.EndpointConfigName ?? '');
    const seq = /-prod-v\d+-r(\d+)$/.exec(config)?.[1];
    if (seq === undefined) return [];
    const at = approved.get(`${facts.service}-${seq}`);
    return at !== undefined && at <= call.atMs ? [] : [`prod was changed to ${config} without an approval before it`];
  });
}
