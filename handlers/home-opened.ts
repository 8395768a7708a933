import type { HandlerDeps } from './handler-deps.ts';
import { readHomeOpened } from './incoming-shortcut.ts';
import { createPersonLimits } from './person-limits.ts';

/** Somebody looks at their Home. Nobody is told when it fails: Slack goes on showing what was there. */
export function createHomeOpened(deps: Pick<HandlerDeps, 'homes' | 'measure' | 'clock' | 'log'>) {
  // Of its own: whoever opens Home often can still command.
  const limits = createPersonLimits(deps.clock);
  return async ({ body }: { readonly body: unknown }): Promise<void> => {
    try {
      const opened = readHomeOpened(body);
      if (opened === null) return;
      if (limits.take(opened.person, 'ordinary') === 'go') await deps.homes.opened(opened.person, opened.shown);
      else deps.measure.refused('slow-down');
    } catch (error) {
      deps.log.error(
        { why: error instanceof Error ? error.name : 'unknown' },
        'An event of Slack is not as documented',
      );
    }
  };
}
