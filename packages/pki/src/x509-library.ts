/**
 * The X.509 library, loaded when something is first read with it: it is two hundred modules, and most
 * servers never need one of them.
 */
import { createRequire } from 'node:module'
import type * as X509 from '@peculiar/x509'

const require = createRequire(import.meta.url)
let library: typeof X509 | undefined

/** The library, together with the polyfill that it needs at load time. */
export function x509Library(): typeof X509 {
  if (library === undefined) {
    // oxlint-disable-next-line import/no-unassigned-import -- the polyfill is all side effect
    require('reflect-metadata')
    library = require('@peculiar/x509') as typeof X509
  }
  return library
}
