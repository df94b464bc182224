/**
 * How the console is bundled. In development (`pnpm dev`) everything outside `/console/` goes on to a
 * running server, so that the page keeps one origin.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin, type UserConfig } from 'vite'

const fontFolder = join(import.meta.dirname, 'node_modules', '.console-fonts')

/**
 * Cloudscape's style sheet brings every weight of its font inside itself, as data. As files of their
 * own the browser fetches the two that a page shows, and the page's policy allows no fonts but files.
 */
const fontsAsFiles: Plugin = {
  name: 'fonts-as-files',
  enforce: 'pre',
  transform: {
    filter: { id: /global-styles\/index\.css$/ },
    handler: (code) => {
      mkdirSync(fontFolder, { recursive: true })
      return code.replaceAll(
        /url\('data:font\/(woff2?);base64,([^']+)'\)/g,
        (_whole, type: string, base64: string) => {
          const name = createHash('sha256').update(base64).digest('hex').slice(0, 16)
          const file = join(fontFolder, `${name}.${type}`)
          writeFileSync(file, base64, 'base64')
          return `url('${file}')`
        },
      )
    },
  },
}

const config: UserConfig = defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [fontsAsFiles, react()],
  build: {
    target: 'es2024',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    assetsInlineLimit: 0,
    // Names and licences of what is bundled, for releases to tell.
    license: { fileName: 'third-party.json' },
  },
  server: {
    proxy: {
      '^/(?!console)': {
        target: `http://127.0.0.1:${process.env['MUSTER_HTTP_PORT'] ?? 4566}`,
        ws: true,
      },
    },
  },
})
export default config
