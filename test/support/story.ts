import type { Environment, Target } from '../../src/rollout/candidate.ts';
import { decide } from '../../src/rollout/decide.ts';
import { type Draft, seal } from '../../src/rollout/entry.ts';
import type {
  Actor,
  CallOutcome,
  EndpointCall,
  Entry,
  Event,
  SmokePurpose,
  SmokeResult,
} from '../../src/rollout/events.ts';
import { evolve } from '../../src/rollout/evolve.ts';
import type { Decision, Input, PrepareResult, Settings } from '../../src/rollout/input.ts';
import { targetOf } from '../../src/rollout/names.ts';
import { baselineOf, type EndpointLook, type Reading } from '../../src/rollout/observation.ts';
import { type Reason, reason } from '../../src/rollout/reasons.ts';
import { type Deployment, initialState, type Rollout, type ServiceState } from '../../src/rollout/state.ts';
import type { Strategy } from '../../src/rollout/strategy.ts';
import { checked } from './decision-facts.ts';
import { deepFreeze } from './deep-freeze.ts';
import { guardedBy, guardOf } from './guard-of.ts';
import { candidate, type Person, SETTINGS, smokeResult } from './rollout-facts.ts';
import type { Saying } from './sayings.ts';
import { lookAt, observationOf, type Shown, type Sight, seenAround } from './sights.ts';

export const BEGIN_MS = Date.parse('2026-03-02T09:00:00.000Z');
const TITANIC: Actor = { kind: 'titanic' };

const STAGES: readonly Rollout['status'][] = [
  'staging',
  'testing',
  'tested',
  'gate',
  'approved',
  'prod',
  'verifying',
  'ended',
];

/**
 * A service's record, told entry by entry through the real `evolve`. Every word returns a longer story and leaves the
 * old one as it was; states are frozen, so whatever is not pure throws.
 */
export class Story {
  readonly entries: readonly Entry[];
  readonly state: ServiceState;
  readonly nowMs: number;
  readonly settings: Settings;

  constructor(entries: readonly Entry[], state: ServiceState, nowMs: number, settings: Settings) {
    this.entries = entries;
    this.state = deepFreeze(state);
    this.nowMs = nowMs;
    this.settings = settings;
  }

  // The record

  /** One entry, a second later. */
  records(events: readonly Event[], about: Partial<Draft> = {}): Story {
    const nowMs = this.nowMs + 1_000;
    const draft: Draft = {
      at: new Date(nowMs).toISOString(),
      rolloutId: null,
      actor: TITANIC,
      reason: null,
      commandKey: null,
      events,
      writer: 'w1',
      nonce: `n${this.state.seq + 1}`,
      ...about,
    };
    const { seq, hash, prevHash } = seal(draft, this.state.seq + 1, this.state.hash);
    const entry = deepFreeze<Entry>({ ...draft, seq, hash, prevHash });
    return new Story([...this.entries, entry], evolve(this.state, entry), nowMs, this.settings);
  }

  /** Time passes. */
  later(ms: number): Story {
    return new Story(this.entries, this.state, this.nowMs + ms, this.settings);
  }

  with(settings: Partial<Settings>): Story {
    return new Story(this.entries, this.state, this.nowMs, { ...this.settings, ...settings });
  }

  // What is there

  /** The youngest rollout that lives, or else the one that ended last. */
  get rollout(): Rollout {
    const found = this.state.rollouts.at(-1) ?? this.state.ended[0];
    if (found === undefined) throw new Error('This story has no rollout.');
    return found;
  }

  get subject(): string {
    return this.rollout.id;
  }

  deployment(environment: Environment): Deployment {
    const { deployment } = this.state.environments[environment];
    if (deployment === null) throw new Error(`Nothing changes ${environment}.`);
    return deployment;
  }

  intent(environment: Environment): number {
    const { intent } = this.state.environments[environment];
    if (intent === null) throw new Error(`No call to ${environment} is open.`);
    return intent.seq;
  }

  private claim(environment: Environment) {
    const { smoke } = this.state.environments[environment];
    if (smoke === null) throw new Error(`Nothing measures ${environment}.`);
    return smoke;
  }

  /** The name of a version's config, as the rollout that brings or brought it named it. */
  config(environment: Environment, version: number): string {
    const { deployment, stack } = this.state.environments[environment];
    const found = [deployment?.target, ...stack.toReversed()].find((t) => t?.version === version);
    if (found == null) throw new Error(`${environment} knows no version ${version}.`);
    return found.configName;
  }

  versions(environment: Environment): readonly (number | null)[] {
    return this.state.environments[environment].stack.map((t) => t.version);
  }

  // The life of a rollout, as events

  begins(
    version: number,
    about: { readonly requester?: string | null; readonly quorum?: number; readonly strategy?: Strategy } = {},
  ): Story {
    const rolloutId = `${this.settings.service}-${this.state.seq + 1}`;
    const { requester = 'U0RUTH', quorum = this.settings.quorum, strategy } = about;
    const { approvalExpiresAfterHours } = this.settings;
    return this.records([
      {
        type: 'RolloutStarted',
        rolloutId,
        candidate: guardedBy(candidate(version), strategy),
        requester,
        note: null,
        quorum,
        approvalExpiresAfterHours,
      },
      this.started('staging', 'rollout', rolloutId, this.target('staging', version, rolloutId)),
    ]);
  }

  /** Leads the youngest rollout straight to a status. */
  to(status: Rollout['status']): Story {
    if (status === 'held') return this.to('testing').held();
    let told: Story = this;
    while (told.rollout.status !== status) {
      const { rollout } = told;
      const at = STAGES.indexOf(rollout.status);
      if (at < 0 || at > STAGES.indexOf(status)) throw new Error(`No way from ${rollout.status} to ${status}.`);
      told = told.next();
    }
    return told;
  }

  private next(): Story {
    const { rollout } = this;
    switch (rollout.status) {
      case 'staging':
        return this.reaches('staging');
      case 'testing':
        return this.measures('staging', 'gate').measured('staging', 'passed');
      case 'tested':
        return this.opensGate();
      case 'gate':
        return this.approvedBy('U0ANNA');
      case 'approved':
        return this.records([
          this.started('prod', 'rollout', rollout.id, this.target('prod', rollout.candidate.version, rollout.id)),
        ]);
      case 'prod':
        return this.reaches('prod');
      case 'verifying':
        return this.measures('prod', 'check').measured('prod', 'passed', [this.promoted()]);
      default:
        throw new Error(`Nothing follows ${rollout.status}.`);
    }
  }

  /** A version's whole way to prod. */
  promotes(version: number): Story {
    return this.begins(version).to('ended');
  }

  opensGate(): Story {
    const expiresAt = new Date(this.nowMs + this.settings.approvalExpiresAfterHours * 3_600_000).toISOString();
    return this.records([{ type: 'GateOpened', rolloutId: this.subject, expiresAt }]);
  }

  approval(by: string): Story {
    return this.records([{ type: 'ApprovalGiven', rolloutId: this.subject, by, have: 1, need: 1 }]);
  }

  approvedBy(...by: readonly string[]): Story {
    const given: readonly Event[] = by.map((id) => ({
      type: 'ApprovalGiven',
      rolloutId: this.subject,
      by: id,
      have: 1,
      need: 1,
    }));
    return this.records([...given, { type: 'PromotionApproved', rolloutId: this.subject, by }]);
  }

  held(): Story {
    const why = reason('smoke-inconclusive', { why: 'the generator was late' });
    return this.measures('staging', 'gate').measured('staging', 'inconclusive', [
      { type: 'RolloutHeld', rolloutId: this.subject, reason: why },
    ]);
  }

  private promoted(): Event {
    const why = reason('promoted', { version: this.rollout.candidate.version });
    return { type: 'RolloutEnded', rolloutId: this.subject, outcome: 'promoted', reason: why, by: null };
  }

  ends(why: Reason = reason('cancelled-by', { by: 'U0RUTH' })): Story {
    const rolloutId = this.subject;
    return this.records([{ type: 'RolloutEnded', rolloutId, outcome: 'cancelled', reason: why, by: 'U0RUTH' }]);
  }

  target(environment: Environment, version: number, rolloutId: string): Target {
    return targetOf(this.settings.service, this.settings.prefix, environment, candidate(version), rolloutId);
  }

  started(environment: Environment, kind: Deployment['kind'], owner: string, target: Target): Event {
    const deadlineAt = new Date(this.nowMs + this.settings.deadlineMinutes[environment] * 60_000).toISOString();
    return { type: 'DeploymentStarted', environment, kind, owner, target, deadlineAt };
  }

  // The life of a deployment, as events

  prepared(environment: Environment): Story {
    const { id } = this.deployment(environment);
    return this.records([{ type: 'DeploymentPrepared', environment, deployment: id, created: [], adopted: [] }]);
  }

  /** Intends the call that leads to the deployment's target: a creation where the log knows no endpoint. */
  intends(environment: Environment, kind?: EndpointCall['kind'], shown?: Shown): Story {
    const ready = this.deployment(environment).prepared ? this : this.prepared(environment);
    const { id, target } = ready.deployment(environment);
    const endpointName = this.settings.endpointNames[environment];
    const { configName } = target;
    const calls: Readonly<Record<EndpointCall['kind'], EndpointCall>> = {
      create: { kind: 'create', endpointName, configName, tags: this.settings.tags[environment] },
      update: {
        kind: 'update',
        endpointName,
        configName,
        retainVariantProperties: false,
        ...guardOf(ready.state, environment),
      },
      delete: { kind: 'delete', endpointName },
    };
    const call = calls[kind ?? (ready.state.environments[environment].known ? 'update' : 'create')];
    const look = ready.look(environment, call.kind === 'create' ? null : shown);
    const baseline = baselineOf(look.kind === 'known' ? look.value.endpoint : null);
    return ready.records([{ type: 'CallIntended', environment, deployment: id, call, baseline }]);
  }

  decided(environment: Environment, outcome: CallOutcome = { kind: 'accepted', requestId: 'r1' }): Story {
    return this.records([{ type: 'CallDecided', environment, intent: this.intent(environment), outcome }]);
  }

  /** Its call is accepted and followed. */
  sends(environment: Environment, kind?: EndpointCall['kind']): Story {
    return this.intends(environment, kind).decided(environment);
  }

  reaches(environment: Environment): Story {
    const { deployment, intent, rollback } = this.state.environments[environment];
    if (intent !== null) return this.decided(environment).reaches(environment);
    if (deployment?.followed == null) return this.sends(environment).reaches(environment);
    const why = reason('deployed', { environment, version: deployment.target.version ?? deployment.target.configName });
    const events: Event[] = [
      {
        type: 'DeploymentSucceeded',
        environment,
        deployment: deployment.id,
        endpointArn: `arn:${environment}`,
        images: [],
        reason: why,
      },
    ];
    if (rollback !== null) {
      events.push({ type: 'RollbackEnded', rollbackId: rollback.id, environment, reached: true, reason: why });
    }
    return this.records(events);
  }

  fails(environment: Environment, why: Reason, shown?: Shown): Story {
    const look = this.look(environment, shown);
    const seen = baselineOf(look.kind === 'known' ? look.value.endpoint : null);
    const { id } = this.deployment(environment);
    return this.records([{ type: 'DeploymentFailed', environment, deployment: id, reason: why, seen }]);
  }

  /** A rollback that was asked for just now gets its deployment. */
  goesBack(environment: Environment): Story {
    const { rollback } = this.state.environments[environment];
    if (rollback === null) throw new Error(`${environment} does not go back.`);
    return this.records([this.started(environment, 'rollback', rollback.id, rollback.target)]);
  }

  // Smoke runs, as events

  measures(environment: Environment, purpose: SmokePurpose): Story {
    const look = this.look(environment);
    const endpoint = look.kind === 'known' ? look.value.endpoint : null;
    if (endpoint === null) throw new Error(`${environment} shows nothing to measure.`);
    const { configName, lastModified } = endpoint;
    const rolloutId = purpose === 'alone' ? null : this.subject;
    const longestMs = this.settings.smokeLongestMs;
    return this.records([
      { type: 'SmokeStarted', environment, purpose, rolloutId, configName, lastModified, longestMs },
    ]);
  }

  measured(environment: Environment, verdict: SmokeResult['verdict'], then: readonly Event[] = []): Story {
    const { claim, configName, lastModified } = this.claim(environment);
    const seen = { configName, lastModified, status: 'InService', pendingConfigName: null };
    const result = smokeResult(verdict);
    return this.records([{ type: 'SmokeFinished', environment, claim, before: seen, after: seen, result }, ...then]);
  }

  // What the outside shows

  /** Running the top of the stack, unless something else is shown. */
  look(environment: Environment, shown?: Shown): Reading<EndpointLook> {
    return lookAt(this.state, this.nowMs, environment, shown);
  }

  // Decisions

  decides(input: Input): Decision {
    return checked(deepFreeze(decide(this.state, deepFreeze(input), this.settings, this.nowMs)));
  }

  /** What the core answers when somebody says something. */
  says(person: Person, saying: Saying, key = `key-${this.state.seq}-${this.nowMs}`): Decision {
    return this.decides({ kind: 'command', command: saying(this), ...person, key });
  }

  /** What a pass decides that sees this. */
  sees(sight: Sight = {}): Decision {
    return this.decides({ kind: 'observed', observation: observationOf(this.state, this.nowMs, sight) });
  }

  hears(environment: Environment, outcome: CallOutcome): Decision {
    return this.decides({ kind: 'call-decided', environment, intent: this.intent(environment), outcome });
  }

  prepares(environment: Environment, result: PrepareResult): Decision {
    const { id } = this.deployment(environment);
    return this.decides({ kind: 'prepared', environment, deployment: id, result });
  }

  /** The measuring process comes back. */
  finishes(
    environment: Environment,
    result: SmokeResult | null,
    about: { readonly before?: object | null; readonly after?: object | null; readonly claim?: number } = {},
  ): Decision {
    const open = this.claim(environment);
    return this.decides({
      kind: 'smoke-finished',
      environment,
      claim: about.claim ?? open.claim,
      before: seenAround(open, about.before),
      after: seenAround(open, about.after),
      result,
    });
  }

  /** Writes down what was decided. */
  after(decision: Decision, about: Partial<Draft> = {}): Story {
    return this.records(decision.events, { reason: decision.reason, ...about });
  }

  /** Says something, and it is written down. */
  tells(person: Person, saying: Saying, key = `key-${this.state.seq}-${this.nowMs}`): Story {
    return this.after(this.says(person, saying, key), { actor: person.actor, commandKey: key });
  }
}

export function story(settings: Partial<Settings> = {}): Story {
  const all = { ...SETTINGS, ...settings };
  return new Story([], initialState(all.service), BEGIN_MS, all);
}
