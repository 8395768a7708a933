import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Json, JsonObject } from '../../wire.ts';
import type { Surface } from '../model/deeds.ts';
import { objectOf } from '../text/json.ts';

/** What the blocks of one message or view stand in. */
export interface SurfaceModel {
  readonly surface: Surface;
  /** `state.values` of a view; empty for a message. */
  readonly values: JsonObject;
  /** Complaints beside fields, by block. */
  readonly errors: Readonly<Record<string, string>>;
  /** Notes what was entered into an input of a form. */
  enter(blockId: string, value: Json): void;
}

export const SurfaceContext = createContext<SurfaceModel | null>(null);

export function useSurface(): SurfaceModel {
  const surface = useContext(SurfaceContext);
  if (surface === null) throw new Error('Blocks are drawn inside a surface.');
  return surface;
}

/** What an element holds as the app last knew it: the member `field` of its state, else the element's own. */
export function heldValue(
  model: SurfaceModel,
  blockId: string,
  element: JsonObject,
  field: string,
  initial: string,
): Json {
  const state = objectOf(objectOf(model.values[blockId])[String(element.action_id)]);
  return state[field] ?? element[initial] ?? null;
}
