import { fileURLToPath } from 'node:url';

/**
 * Where Node keeps what it compiled of a process that is started again and again: with it a bot needs half the
 * processor time to start. Inside `node_modules`, which belongs to whoever installed it: from a folder that others may
 * write to, their code could be run. Node does without, silently, where it cannot be written.
 */
export const COMPILED_CODE: Readonly<Record<string, string>> = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../node_modules/.cache/compiled-code', import.meta.url)),
};
