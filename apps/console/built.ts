/** `buildConsole` of a release, which comes with the console as `build.ts` left it in `dist`. */
import { fileURLToPath } from 'node:url'

/** @returns the folder of static files, to be served under `/console/` */
export function buildConsole(): Promise<string> {
  return Promise.resolve(fileURLToPath(new URL('./dist/', import.meta.url)))
}
