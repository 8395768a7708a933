import { schedule } from 'node-cron';

/** Runs something at the times of a cron expression, in UTC. Never for state: a tick that is missed must be harmless. */
export function startCron(expression: string, run: (at: Date) => Promise<void>): { stop(): Promise<void> } {
  const task = schedule(expression, ({ date }) => run(date), { timezone: 'UTC', noOverlap: true });
  return {
    async stop() {
      await task.destroy();
    },
  };
}
