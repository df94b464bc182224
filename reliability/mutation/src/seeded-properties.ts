/** In place of the setup of all tests: property tests draw from the seed of the run, so that a mutant ends the same way again. */
import * as fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env['MUTATION_SEED']) })
