import { expect, it } from 'vitest'
import { cognitoStatuses } from '../src/index.ts'

it('identities I68: every error is status 400 but what is ours', () => {
  const { InternalErrorException, NotImplementedException, ...others } = cognitoStatuses
  expect([InternalErrorException, NotImplementedException]).toEqual([500, 501])
  expect(Object.entries(others).filter(([, status]) => status !== 400)).toEqual([])
})
