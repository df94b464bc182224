import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** Packs what is released and uses it as others do; needs the npm registry, and minutes. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['release/test/**/*.packages.test.ts'],
    reporters: ['default', 'json'],
    outputFile: { json: 'reports/packages.json' },
    testTimeout: 180_000,
    hookTimeout: 300_000,
    pool: 'forks',
  },
})
export default config
