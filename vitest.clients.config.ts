import { join } from 'node:path'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** Tests that need programs from Debian: mosquitto, AWS CLI, curl, boto3, Docker. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['packages/*/test/**/*.clients.test.ts', 'apps/*/test/**/*.clients.test.ts'],
    setupFiles: [join(import.meta.dirname, 'vitest.setup.ts')],
    reporters: ['default', 'json'],
    outputFile: { json: 'reports/clients.json' },
    testTimeout: 120_000,
    hookTimeout: 300_000,
    pool: 'forks',
  },
})
export default config
