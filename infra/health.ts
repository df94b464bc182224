/** Exits 0 when the server in this container answers `/_muster/health`, else 1. */
const port = process.env['MUSTER_HTTP_PORT'] ?? '4566'
const answer = await fetch(`http://127.0.0.1:${port}/_muster/health`).catch(() => undefined)
process.exitCode = answer?.ok === true ? 0 : 1
