#!/usr/bin/env node
/** What an installed `muster` runs: on a Node that cannot run it, it says so before it loads any. */

const version: readonly number[] = process.versions.node.split('.').map(Number)
const major: number = version[0] ?? 0
const minor: number = version[1] ?? 0

// SQLite without a flag, and one authority for a whole process (`tls.setDefaultCACertificates`).
if ((major === 22 && minor >= 19) || (major === 24 && minor >= 5) || major > 24) {
  quietAboutSqlite()
  await import('./main.js')
} else {
  process.stderr.write(
    `muster: expected Node.js ^22.19.0 || >=24.5.0, and this is ${process.versions.node}\n`,
  )
  process.exitCode = 1
}

/** Node 22 calls its SQLite experimental, two lines a command; what is used of it is tested there. */
function quietAboutSqlite(): void {
  const warn = process.emitWarning.bind(process) as (...said: unknown[]) => void
  process.emitWarning = (...said: unknown[]) => {
    if (!String(said[0]).startsWith('SQLite is an experimental feature')) warn(...said)
  }
}
