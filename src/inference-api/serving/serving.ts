/** Where a question goes: the endpoint that is configured, or the one that the pointer names at that moment. */
import type { PointedAt } from '../ports.ts';
import type { ServedModel } from '../served-model.ts';
import type { FollowedPointer, PointerSight } from './pointer.ts';

/** One endpoint, for as long as a question to it takes: a flip meanwhile changes nothing for that one. */
export interface Target {
  readonly endpointName: string;
  readonly current: ServedModel['current'];
  readonly versionOf: ServedModel['versionOf'];
}

export interface Serving {
  /** undefined: not known yet. */
  now(): Target | undefined;
  /** How the pointer stands; undefined: none is followed, or it was not read yet. */
  pointer(): PointerSight | undefined;
  /** What keeps it from being ready; empty: nothing. */
  missing(): readonly string[];
  start(): void;
  stop(): void;
}

const NO_ENDPOINT = 'there is no endpoint';

/** Always the same endpoint. */
export function serveEndpoint(endpointName: string, model: ServedModel): Serving {
  const target = { endpointName, current: model.current, versionOf: model.versionOf };
  return {
    now: () => target,
    pointer: () => undefined,
    missing: () => missingOf(model.current()),
    start: model.start,
    stop: model.stop,
  };
}

export interface PointedServingDeps {
  /** Told of each flip by whoever makes the pointer. */
  readonly pointer: (onFlip: (to: PointedAt) => void) => FollowedPointer;
  /** Which model serves at one endpoint; started and stopped from here. */
  readonly modelOf: (endpointName: string) => ServedModel;
}

/** The endpoint that the pointer names. Questions in flight keep the one they were sent to. */
export function servePointer({ pointer: followed, modelOf }: PointedServingDeps): Serving {
  let target: Target | undefined;
  let model: ServedModel | undefined;

  function turnTo(to: PointedAt): void {
    if (target?.endpointName === to.endpointName) return;
    model?.stop();
    const next = modelOf(to.endpointName);
    next.start();
    model = next;
    target = {
      endpointName: to.endpointName,
      current: next.current,
      // Until SageMaker was asked once, the record's own word: a flip must not leave answers without a version.
      versionOf: (variant) =>
        next.current() === undefined ? (to.version?.toString() ?? undefined) : next.versionOf(variant),
    };
  }

  const pointer = followed(turnTo);
  return {
    now: () => target,
    pointer: pointer.current,
    missing() {
      if (target === undefined) return ['which endpoint serves has not been read yet'];
      // That it serves is what it was pointed to for: a flip must not make every task unready until SageMaker answers.
      return target.current() === null ? [NO_ENDPOINT] : [];
    },
    start: pointer.start,
    stop() {
      pointer.stop();
      model?.stop();
    },
  };
}

function missingOf(served: ReturnType<ServedModel['current']>): readonly string[] {
  if (served === undefined) return ['which model serves has not been read yet'];
  return served === null ? [NO_ENDPOINT] : [];
}
