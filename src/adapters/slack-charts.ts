import type { Rendered } from '../ports/channel.ts';
import type { Clock } from '../ports/clock.ts';

/** How long a workspace that refused a chart is sent none. Milliseconds. */
const WITHOUT_MS = 6 * 3_600_000;

/**
 * Whether this workspace takes charts, as far as was seen: Slack names no way to ask. One that refused a message with a
 * chart gets none for some hours, and then one is tried again. What a chart shows stands in the table as well.
 */
export interface Charts {
  /** The message as it may be sent now. */
  fit(message: Rendered): Rendered;
  /** Slack refused the blocks of this message: true where its chart may be why, so that it is worth sending without. */
  refused(message: Rendered): boolean;
}

export function createCharts(clock: Pick<Clock, 'waitedMs'>): Charts {
  let withoutUntilMs = Number.NEGATIVE_INFINITY;
  return {
    fit: (message) => (clock.waitedMs() < withoutUntilMs ? withoutChart(message) : message),
    refused(message) {
      if (!message.blocks.some(isChart)) return false;
      withoutUntilMs = clock.waitedMs() + WITHOUT_MS;
      return true;
    },
  };
}

function withoutChart({ text, blocks }: Rendered): Rendered {
  return { text, blocks: blocks.filter((block) => !isChart(block)) };
}

function isChart(block: object): boolean {
  return 'type' in block && block.type === 'data_visualization';
}
