/** fast-check as vitest cases: a failure prints a seed and a pasteable counterexample. */
import * as fc from 'fast-check'
import { it } from 'vitest'

/** Cases over arbitraries. */
export const test = {
  prop<Values extends object>(
    arbitraries: { [Name in keyof Values]: fc.Arbitrary<Values[Name]> },
    parameters: fc.Parameters<[Values]> = {},
  ): (name: string, check: (values: Values) => void | Promise<void>) => void {
    return (name, check) =>
      it(name, () =>
        fc.assert(
          fc.asyncProperty(fc.record(arbitraries) as fc.Arbitrary<Values>, async (values) => {
            await check(values)
          }),
          parameters,
        ),
      )
  },
}

export { fc }
