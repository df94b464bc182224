/**
 * Whether a data folder, or a backup, is one that a server can go on with: its files, and every invariant of
 * what its database holds. Nothing in it is changed.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createPrivateKey } from 'node:crypto'
import { loadAuthority } from '@muster/pki'
import { checkKeptStore, markProblem, type Problem } from '@muster/store'
import { holdStill } from '../data-folder.ts'
import { isOpenToOthers } from '../platform.ts'
import { DATABASE, differences, MANIFEST, readManifest } from './backup-manifest.ts'
import { filesBeside } from './folder-files.ts'

/** What a check found. */
export interface FolderFindings {
  /** Absolute path. */
  readonly folder: string
  readonly ok: boolean
  readonly isInUse: boolean
  readonly isBackup: boolean
  /** Of the database; 0 when it cannot be read. */
  readonly schemaVersion: number
  /** Rows by table, records by kind. */
  readonly counts: Readonly<Record<string, number>>
  readonly problems: readonly Problem[]
}

/**
 * Checks a data folder or a backup, also while a server has it.
 *
 * @param wallMs - wall time, epoch milliseconds: certificates live by it
 * @throws Error when there is no such folder, or it is none of Muster
 */
export function checkFolder(dir: string, wallMs: number): FolderFindings {
  const folder = resolve(dir)
  const stat = statSync(folder, { throwIfNoEntry: false })
  if (stat?.isDirectory() !== true) throw new Error(`there is no folder \`${folder}\``)
  const isBackup = existsSync(join(folder, MANIFEST))
  const signs = [DATABASE, `${DATABASE}-mark`, 'authority', 'lock'].map((name) =>
    join(folder, name),
  )
  if (!isBackup && !signs.some((sign) => existsSync(sign))) {
    throw new Error(`\`${folder}\` is not a data folder of Muster, nor a backup of one`)
  }
  const still = holdStill(folder)
  try {
    const database = join(folder, DATABASE)
    const store = existsSync(database)
      ? checkKeptStore(database, still.isInUse)
      : { schemaVersion: 0, counts: {}, problems: [] }
    const problems = [
      ...(isBackup ? backupProblems(folder) : []),
      ...authorityProblems(folder, wallMs),
      ...keyProblems(folder, existsSync(database)),
      ...privacyProblems(folder),
      ...databaseProblems(database, still.isInUse),
      ...store.problems,
    ]
    const { schemaVersion, counts } = store
    const { isInUse } = still
    return {
      folder,
      ok: problems.length === 0,
      isInUse,
      isBackup,
      schemaVersion,
      counts,
      problems,
    }
  } finally {
    still.release()
  }
}

function backupProblems(folder: string): readonly Problem[] {
  try {
    const manifest = readManifest(folder)
    if (manifest === undefined) return []
    return differences(folder, manifest).map(({ path, message }) => ({
      rule: 'backup-file',
      subject: path,
      message,
    }))
  } catch (cause) {
    return [{ rule: 'backup-file', subject: MANIFEST, message: reasonOf(cause) }]
  }
}

/** The authority's key beside its certificate, and each the other's. */
function authorityProblems(folder: string, wallMs: number): readonly Problem[] {
  const problem = (subject: string, message: string): readonly Problem[] => [
    { rule: 'authority', subject, message },
  ]
  const [certificate = '', key = ''] = ['ca.pem', 'ca.key'].map((name) =>
    join(folder, 'authority', name),
  )
  const missing = [certificate, key].filter((file) => !existsSync(file))
  if (missing.length === 2) {
    return problem(
      join(folder, 'authority'),
      'there is no authority: devices trust none of a new one',
    )
  }
  if (missing.length === 1) {
    const [file = ''] = missing
    return problem(file, `it is missing beside its ${file === key ? 'certificate' : 'key'}`)
  }
  try {
    const loaded = loadAuthority(
      readFileSync(certificate, 'utf8'),
      readFileSync(key, 'utf8'),
      wallMs,
    )
    return loaded.ok ? [] : problem(certificate, loaded.error.message)
  } catch (cause) {
    return problem(certificate, `it cannot be read: ${reasonOf(cause)}`)
  }
}

const SESSION_KEY_BYTES = 32

function keyProblems(folder: string, wasStarted: boolean): readonly Problem[] {
  const problems: Problem[] = []
  const sessions = join(folder, 'sessions.key')
  const sessionBytes = statSync(sessions, { throwIfNoEntry: false })?.size
  if (sessionBytes === undefined ? wasStarted : sessionBytes !== SESSION_KEY_BYTES) {
    const what = sessionBytes === undefined ? 'it is missing' : `it has ${sessionBytes} bytes`
    problems.push({
      rule: 'session-key',
      subject: sessions,
      message: `${what}: a server that starts ends every session of temporary keys, or refuses`,
    })
  }
  const cognito = join(folder, 'cognito.key')
  if (existsSync(cognito)) {
    try {
      createPrivateKey(readFileSync(cognito))
    } catch (cause) {
      const message = `it is no private key: ${reasonOf(cause)}`
      problems.push({ rule: 'cognito-key', subject: cognito, message })
    }
  }
  return problems
}

function privacyProblems(folder: string): readonly Problem[] {
  let secret: readonly string[]
  try {
    secret = filesBeside(folder).filter((path) => path.endsWith('.key'))
  } catch (cause) {
    return [{ rule: 'private-file', subject: folder, message: reasonOf(cause) }]
  }
  return [...secret, DATABASE].flatMap((path) => {
    const file = join(folder, path)
    const open =
      existsSync(file) && isOpenToOthers(statSync(file)) && isOpenToOthers(statSync(folder))
    if (!open) return []
    return [
      { rule: 'private-file', subject: file, message: 'other users of this machine may read it' },
    ]
  })
}

/** What lies beside the database: its mark, and the log of one that was not closed. */
function databaseProblems(database: string, isInUse: boolean): readonly Problem[] {
  const mark = `${database}-mark`
  if (!existsSync(mark)) {
    return [
      {
        rule: 'mark',
        subject: mark,
        message: existsSync(database)
          ? 'it is missing: nobody would notice a database that goes missing'
          : 'neither it nor a database is there: a server that starts, starts empty',
      },
    ]
  }
  const problem = isInUse ? undefined : markProblem(database)
  return problem === undefined ? [] : [{ rule: 'mark', subject: database, message: problem }]
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
