import { DENIED_TO_ENVIRONMENTS } from './denied-environments.ts';
import { DENIED_TO_OTHERS } from './denied-others.ts';
import type { DeniedCase } from './tried.ts';

/** Everything that must be refused. */
export const DENIED: readonly DeniedCase[] = [...DENIED_TO_ENVIRONMENTS, ...DENIED_TO_OTHERS];
