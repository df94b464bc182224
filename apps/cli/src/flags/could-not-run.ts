/** The exit status of what could not run, wrong flags too, where 1 says that what ran did not hold. */
import { CommanderError } from 'commander'

const COULD_NOT_RUN = 2

/** For `exitOverride`: a command line that cannot be read ends with the status, help with 0. */
export function couldNotRun({ code, exitCode, message }: CommanderError): never {
  throw new CommanderError(exitCode === 0 ? 0 : COULD_NOT_RUN, code, message)
}

/** What cannot run says so, and ends with the status. Never rejects. */
export async function orCouldNotRun(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (cause) {
    const { message, stack } = cause as Error
    const isTraced = process.env['MUSTER_TRACE'] !== undefined
    process.stderr.write(`muster: ${isTraced ? stack : message}\n`)
    process.exitCode = COULD_NOT_RUN
  }
}
