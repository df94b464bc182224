/** The operator console's static files; they hold no secret and call only AWS's own protocols. */
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import type { Answer } from '@muster/aws-protocol'
import type { Mount } from '../mount.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}

/** Shown until the console is built; looks again by itself. */
const WAITING_PAGE = `<!doctype html><html lang="en"><meta charset="utf-8">
<meta http-equiv="refresh" content="2"><title>Muster console</title>
<style>body{font:1.1rem system-ui;display:grid;place-items:center;height:90vh;color:#555}</style>
<p role="status">The console is being built; this page opens it in a moment.</p></html>`

/**
 * The page runs its own scripts only, and calls whatever endpoint its user names: this server or AWS.
 * Widths of bars are styles that scripts set, which this allows.
 */
const CONSOLE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // MQTT.js keeps its timers in a worker that it makes itself; a rehearsal runs in one of the page's.
  "worker-src 'self' blob:",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self' http: https: ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const WAITING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

/** Mounts the console at `/console/`, from the folder that `dist` answers once it is built. */
export function consoleMount(dist: () => string | undefined): Mount {
  return {
    prefix: '/console/',
    guarded: true,
    needsToken: () => false,
    bodyBytesMax: 0,
    answer: async (request, path): Promise<Answer> => {
      if (request.path === '/console') return redirect('/console/')
      if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'expected GET')
      const folder = dist()
      if (folder === undefined) return page(WAITING_PAGE)
      const codings = codingsOf(request.headers['accept-encoding'])
      const file = await readStatic(folder, path, codings)
      if (file !== undefined) return file
      // A part of a console that was built anew since: a page in its place would not be understood.
      if (path.startsWith('assets/')) return text(404, 'no such file: reload the console')
      // Other paths without a file are the console's own routes.
      return (await readStatic(folder, 'index.html', codings)) ?? page(WAITING_PAGE)
    },
  }
}

/** How the build left a file compressed, best first. */
const CODINGS = [
  { name: 'br', extension: '.br' },
  { name: 'gzip', extension: '.gz' },
  { name: undefined, extension: '' },
] as const

type Coding = (typeof CODINGS)[number]

/** The codings that a client takes (`gzip, br;q=0` takes the first alone), best first. */
function codingsOf(accept: string | readonly string[] | undefined): readonly Coding[] {
  const taken = new Set(
    String(accept ?? '')
      .split(',')
      .map((one) => one.trim().toLowerCase())
      .filter((one) => !/;\s*q=0(\.0*)?$/.test(one))
      .map((one) => one.split(';')[0]),
  )
  return CODINGS.filter(({ name }) => name === undefined || taken.has(name))
}

async function readStatic(
  folder: string,
  path: string,
  codings: readonly Coding[],
): Promise<Answer | undefined> {
  const name = normalize(decoded(path) || 'index.html')
  const type = TYPES[extname(name)]
  if (name.startsWith('..') || name.startsWith('/') || type === undefined) return undefined
  const headers = {
    'content-type': type,
    'cache-control': name.startsWith('assets/') ? 'max-age=31536000, immutable' : 'no-cache',
    'content-security-policy': CONSOLE_POLICY,
    vary: 'accept-encoding',
  }
  for (const coding of codings) {
    const body = await readIfThere(join(folder, name + coding.extension))
    if (body === undefined) continue
    const encoding = coding.name === undefined ? {} : { 'content-encoding': coding.name }
    return { status: 200, headers: { ...headers, ...encoding }, body }
  }
  return undefined
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file)
  } catch {
    return undefined
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function page(body: string): Answer {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': WAITING_POLICY,
  }
  return { status: 200, headers, body }
}

function text(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }
}

function redirect(location: string): Answer {
  return { status: 302, headers: { location }, body: '' }
}
