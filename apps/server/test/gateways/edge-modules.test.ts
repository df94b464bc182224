/** What a gateway's process loads: TLS and the link, nothing that could decide or keep anything. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const script = (entry: URL): string => `
  import { registerHooks } from 'node:module'
  const urls = new Set()
  registerHooks({ resolve: (...all) => {
    const found = all[2](all[0], all[1])
    urls.add(found.url)
    return found
  } })
  await import(${JSON.stringify(entry.href)})
  console.log([...urls].join('\\n'))
`

it.each(['../../src/gateway/index.ts', '../../src/gateway/gateway.ts'])(
  '%s loads no store, no rules and no authority',
  (file) => {
    const source = script(new URL(file, import.meta.url))
    const loaded = execFileSync(process.execPath, ['--input-type=module', '--eval', source], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
    }).toString()
    expect(loaded).toContain('/packages/link/src/link-end.ts')
    const packages = [...loaded.matchAll(/\/(?:packages|apps)\/([a-z-]+)\/src\//g)]
    expect(new Set(packages.map(([, name]) => name))).toEqual(new Set(['link', 'pki', 'server']))
    expect(loaded).not.toMatch(/x509-library|node:sqlite|mqtt-packet/)
  },
)
