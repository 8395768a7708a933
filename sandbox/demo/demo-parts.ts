import { setTimeout as wait } from 'node:timers/promises';
import type { Rollout, ServiceState } from '../../src/rollout/state.ts';
import type { Sandbox } from '../start-sandbox.ts';
import { createStage, type Person, type Stage } from './people.ts';
import type { Record } from './record.ts';
import type { World } from './serving.ts';
import type { Transcript } from './transcript.ts';

/** One install, and what the demo knows of it without asking the bot. */
export interface Demo {
  readonly sandbox: Sandbox;
  readonly record: Record;
  readonly world: World;
  readonly transcript: Transcript;
  readonly stage: Stage;
}

export const STAGING = 'titanic-survival-staging';
export const PROD = 'titanic-survival-prod';
const STEP_WITHIN_MS = 40_000;
const LOOK_EVERY_MS = 100;

/** `place`: what the channel is called in the transcript. */
export function demoOf(parts: Omit<Demo, 'stage'>, place = '#titanic-rollouts'): Demo {
  return { ...parts, stage: createStage(parts.sandbox.slack.control, parts.transcript, place) };
}

/** Waits until the record says so; the record, not the bot. */
export async function until(demo: Demo, what: string, holds: (state: ServiceState) => boolean): Promise<ServiceState> {
  const end = Date.now() + STEP_WITHIN_MS;
  while (Date.now() < end) {
    const state = await demo.record.state();
    if (holds(state)) return state;
    await wait(LOOK_EVERY_MS);
  }
  throw new Error(`Not within ${STEP_WITHIN_MS / 1_000} s: ${what}\n${demo.sandbox.bot().tail().join('\n')}`);
}

/** Waits until the channel shows a card in some state: announcements may lag the record. */
export async function shown(demo: Demo, id: string, words: RegExp): Promise<void> {
  const end = Date.now() + STEP_WITHIN_MS;
  while (Date.now() < end) {
    if (words.test((await demo.stage.card(id))?.rendered ?? '')) return;
    await wait(LOOK_EVERY_MS);
  }
  throw new Error(`The card of ${id} never showed ${words}`);
}

/** Waits until the bot knows where the card stands: killed in between, it would post another one. */
export async function cardNoted({ record }: Demo, id: string): Promise<void> {
  const end = Date.now() + STEP_WITHIN_MS;
  while (Date.now() < end) {
    if (await record.cardIsNoted(id)) return;
    await wait(LOOK_EVERY_MS);
  }
  throw new Error(`It was never noted where the card of ${id} stands`);
}

/** The youngest that lives, or else the one that ended last. */
export const newestRollout = (state: ServiceState): Rollout | undefined => state.rollouts.at(-1) ?? state.ended[0];

/** Deploys, waits for the gate, and returns the rollout's id. */
export async function toTheGate(demo: Demo, who: Person, words: string): Promise<string> {
  await demo.stage.types(who, words);
  const state = await until(demo, 'the gate opens', (s) => newestRollout(s)?.status === 'gate');
  const id = newestRollout(state)?.id ?? '';
  await shown(demo, id, /Promote to prod/);
  return id;
}

/** Claims, by SageMaker's own answers, what an endpoint serves. */
export async function serves(demo: Demo, endpoint: string, version: number): Promise<void> {
  const seen = await demo.world.serving(endpoint);
  const holds = seen?.version === version && seen.status === 'InService';
  demo.transcript.claim(`SageMaker: ${endpoint} serves version ${version}`, holds, seen?.status ?? 'no such endpoint');
}
