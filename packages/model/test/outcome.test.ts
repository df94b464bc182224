/** Refusals by their codes. */
import { expect, it } from 'vitest'
import { EXCEPTION_STATUSES, refuse, type ExceptionName, type Outcome } from '../src/index.ts'

it('gateway G83: a refusal carries an exception that has a status, or a code of its own protocol', () => {
  const refused: Outcome<never> = refuse('ResourceNotFoundException', 'why')
  expect(refused.ok ? 200 : EXCEPTION_STATUSES[refused.error.code]).toBe(404)
  // @ts-expect-error: a misspelt exception is a type error
  const misspelt: ExceptionName = 'ResourceNotFundException'
  expect(Object.keys(EXCEPTION_STATUSES)).not.toContain(misspelt)
  // @ts-expect-error: so is one that is misspelt where it is refused with
  expect(refuse('InvalidRequestExeption', 'why').ok).toBe(false)
  // @ts-expect-error: so is a code of another protocol
  const foreign: Outcome<never, 'TopicFault'> = refuse('ResourceNotFoundException', 'why')
  expect(foreign.ok).toBe(false)
})
