import { paragraph } from '../blocks/block.ts';
import { code, type Line, text } from '../blocks/inline.ts';
import type { Rendered } from '../src/ports/channel.ts';
import type { HandlerDeps } from './handler-deps.ts';

/** Puts the whole evidence as a file into the thread of its card, and says so below the table. */
export async function withEvidenceFile(
  deps: Pick<HandlerDeps, 'cards' | 'evidence' | 'files'>,
  service: string,
  id: string,
  shown: Rendered,
): Promise<Rendered> {
  const line = await put(deps, service, id);
  const block = paragraph([line]);
  return block === null ? shown : { ...shown, blocks: [...shown.blocks, block] };
}

async function put(
  { cards, evidence, files }: Pick<HandlerDeps, 'cards' | 'evidence' | 'files'>,
  service: string,
  id: string,
): Promise<Line> {
  const otherwise = (why: string): Line => [
    text(`The file could not be put here (${why}). On the command line: `),
    code(`npx titanic evidence export ${id}`),
  ];
  const [file, card] = await Promise.all([evidence(service, id), cards.recorded(service, id)]);
  if (file.kind === 'unknown') return otherwise(file.why);
  if (card.kind === 'unknown' || card.value === null) return otherwise('its card is not known any more');
  const name = `${id}.json`;
  const shared = await files.share({ name, title: `Evidence of ${id}`, text: file.value }, card.value);
  if (shared.kind === 'unknown') return otherwise(shared.why);
  return [text(`The file ${name} is in the thread of its card. Check it with `), code(`npx titanic verify ${name}`)];
}
