import { defineConfig } from 'vitest/config';
import { COMPILED_CODE } from './sandbox/compiled-code.ts';

// Each file has a process of its own, which loads the same libraries.
Object.assign(process.env, COMPILED_CODE);

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // One more than the cores of the smallest machine: most files wait for processes and clocks, not for a core.
    maxWorkers: 3,
  },
});
