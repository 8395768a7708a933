import type { Rendered } from '../src/ports/channel.ts';
import { reason } from '../src/rollout/reasons.ts';
import { blocksOf, mention, paragraph } from './block.ts';
import { bold, fallbackText, type Line, text } from './inline.ts';
import { reasonLine } from './reason-line.ts';

/** What the channel is told when somebody changed the record of a service: the approvers have to look. */
export function brokenRecord(
  service: string,
  found: { readonly seq: number; readonly why: string },
  approversMention: string,
): Rendered {
  const lines: readonly Line[] = [
    [bold(`${service} `), ...reasonLine(reason('record-broken', found))],
    [text('A rollback is possible once it is acknowledged. What is in the table is evidence: leave it as it is.')],
  ];
  return {
    text: fallbackText(lines, `${approversMention} `),
    blocks: blocksOf(mention(approversMention), paragraph(lines)),
  };
}
