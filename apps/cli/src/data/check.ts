/** Whether a data folder is whole. */
import { checkFolder, type FolderFindings } from '@muster/server/backup'
import { counted } from '../counted.ts'
import type { CheckFlags } from './data-commands.ts'

/** Says what is wrong with a folder; the exit status is 1 when anything is. */
export function runCheck(folder: string, { json }: CheckFlags): void {
  const findings = checkFolder(folder, Date.now())
  if (!findings.ok) process.exitCode = 1
  process.stdout.write(json ? `${JSON.stringify(findings)}\n` : text(findings))
}

/** A line for each problem, or one that says that there is none. */
export function problemLines(problems: FolderFindings['problems']): string {
  if (problems.length === 0) return 'nothing is wrong\n'
  const lines = problems.map(({ rule, subject, message }) => `${subject}: ${message} [${rule}]\n`)
  return `${lines.join('')}${counted(problems.length, 'problem')}\n`
}

function text({
  folder,
  isInUse,
  isBackup,
  schemaVersion,
  counts,
  problems,
}: FolderFindings): string {
  const what = isBackup ? 'backup' : isInUse ? 'data folder of a running server' : 'data folder'
  const { thing = 0, jobs = 0, executions = 0 } = counts
  return (
    `${what} ${folder}, schema version ${schemaVersion}: ` +
    `${thing} things, ${jobs} jobs, ${executions} executions\n${problemLines(problems)}`
  )
}
