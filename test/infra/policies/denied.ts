import { DENIED_ABOUT_GUARDS } from './denied-guards.ts';
import { DENIED_TO_ENVIRONMENTS } from './denied-environments.ts';
import { DENIED_TO_OTHERS } from './denied-others.ts';
import type { DeniedCase } from './tried.ts';

/** Everything that must be refused. */
export const DENIED: readonly DeniedCase[] = [...DENIED_TO_ENVIRONMENTS, ...DENIED_ABOUT_GUARDS, ...DENIED_TO_OTHERS];
