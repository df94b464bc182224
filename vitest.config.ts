import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** Everything that needs nothing outside npm. Client programs: `vitest.clients.config.ts`. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'apps/*/test/**/*.test.ts',
      'loadtest/test/**/*.test.ts',
      'bench/test/**/*.test.ts',
      'docs/test/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/*.clients.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // More than cores: many of these tests wait for real clients, timers and processes.
    maxWorkers: 4,
  },
})
export default config
