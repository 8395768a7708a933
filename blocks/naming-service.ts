import type { Rendered } from '../src/ports/channel.ts';
import { commandNaming } from '../src/rollout/command-hint.ts';

/** A message about a service, made fit for the number of services there are. */
export type Naming = (service: string, rendered: Rendered) => Rendered;

/** Where several services are configured, every command that a message shows names its own, so that it can be typed as it stands. */
export function namingService(services: readonly unknown[]): Naming {
  return services.length > 1 ? named : (_, rendered) => rendered;
}

function named(service: string, { text, blocks }: Rendered): Rendered {
  const commands = new Set<string>();
  const shown = blocks.map((block) => within(block, service, commands));
  // Longest first: one command may begin as another does.
  const replaced = [...commands]
    .sort((a, b) => b.length - a.length)
    .reduce((all, command) => all.replaceAll(command, () => commandNaming(service, command)), text);
  return { text: replaced, blocks: shown };
}

/** Commands stand in pieces of their own, in the style of code. */
function within<T>(part: T, service: string, commands: Set<string>): T {
  if (Array.isArray(part)) return part.map((each: unknown) => within(each, service, commands)) as T;
  if (typeof part !== 'object' || part === null) return part;
  const { text, style }: { readonly text?: unknown; readonly style?: unknown } = part;
  if (typeof text === 'string' && text.startsWith('/titanic ') && JSON.stringify(style) === '{"code":true}') {
    commands.add(text);
    return { ...part, text: commandNaming(service, text) };
  }
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, within(value, service, commands)])) as T;
}
