import { z } from 'zod';
import type { Pressed } from './incoming.ts';

const metadataShape = z.tuple([z.string().min(1).max(80), z.string().max(40)]);

/** What a form carries: what it is about, and the channel in which its answer is shown. Ids only. */
export interface FormMetadata {
  /** A service, a rollout, a rollback or a question. */
  readonly subject: string;
  /** null: the form was opened on Home, and shows its answer itself. */
  readonly channel: string | null;
}

export function writeMetadata({ value, channel }: Pick<Pressed, 'value' | 'channel'>): string {
  return `${value} ${channel ?? ''}`;
}

/** @throws when it was not written by `writeMetadata` */
export function readMetadata(metadata: string): FormMetadata {
  const [subject, channel] = metadataShape.parse(metadata.split(' '));
  return { subject, channel: channel === '' ? null : channel };
}
