/**
 * How the console is bundled. In development (`pnpm dev`) everything outside `/console/` goes on to a
 * running server, so that the page keeps one origin.
 */
import react from '@vitejs/plugin-react'
import { defineConfig, type UserConfig } from 'vite'

const config: UserConfig = defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [react()],
  build: {
    target: 'es2024',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
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
