import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Two cores: more workers only make timers late.
    maxWorkers: 2,
  },
});
