/**
 * Condition operators, one row each: operator, policy value, context value, whether it holds.
 */
import { describe, expect, it } from 'vitest'

import { underCondition } from './statement.ts'

type Row = readonly [
  operator: string,
  wanted: unknown,
  actual: string | readonly string[] | undefined,
  holds: boolean,
]

const rows: readonly Row[] = [
  ['StringEquals', 'a', 'a', true],
  ['StringEquals', 'a', 'A', false],
  ['StringEquals', ['x', 'a'], 'a', true],
  ['StringEquals', 'a*', 'ab', false],
  ['StringEquals', 'a', undefined, false],
  ['StringNotEquals', 'a', 'b', true],
  ['StringNotEquals', ['a', 'b'], 'b', false],
  ['StringNotEquals', 'a', undefined, true],
  ['StringEqualsIgnoreCase', 'aB', 'Ab', true],
  ['StringNotEqualsIgnoreCase', 'aB', 'Ab', false],
  ['StringLike', 'a*?', 'a/bc', true],
  ['StringLike', 'a?', 'a', false],
  ['StringLike', 'a${*}', 'a*', true],
  ['StringLike', 'a${*}', 'ab', false],
  ['StringNotLike', 'a*', 'b', true],
  ['StringNotLike', 'a*', undefined, true],
  ['StringLikeIfExists', 'a*', undefined, true],
  ['StringLikeIfExists', 'a*', 'b', false],
  ['NumericEquals', '10', '10.0', true],
  ['NumericNotEquals', '10', '11', true],
  ['NumericLessThan', '10', '9', true],
  ['NumericLessThanEquals', '10', '10', true],
  ['NumericGreaterThan', '10', '10', false],
  ['NumericGreaterThanEquals', '10', '10', true],
  ['NumericEquals', 'ten', 'ten', false],
  ['NumericNotEquals', '10', undefined, true],
  ['DateEquals', '2026-01-01T00:00:00Z', '1767225600', true],
  ['DateLessThan', '2026-01-02', '2026-01-01T23:59:59Z', true],
  ['DateGreaterThan', '2026-01-01T00:00:00+02:00', '2026-01-01T00:00:00Z', true],
  ['DateGreaterThanEquals', '2026-01-01T00:00:00', '2026-01-01T00:00:00Z', true],
  ['DateLessThan', 'tomorrow', '2026-01-01', false],
  ['Bool', 'true', 'TRUE', true],
  ['Bool', true, 'true', true],
  ['Bool', 'false', undefined, false],
  ['BinaryEquals', 'QQ==', 'QQ==', true],
  ['BinaryEquals', 'QQ==', 'qq==', false],
  ['IpAddress', '192.0.2.0/24', '192.0.2.255', true],
  ['IpAddress', '192.0.2.0/24', '192.0.3.0', false],
  ['IpAddress', '192.0.2.1', '::ffff:192.0.2.1', true],
  ['IpAddress', '2001:db8::/32', '2001:db8:ffff::1', true],
  ['IpAddress', '2001:db8::/32', '192.0.2.1', false],
  ['IpAddress', '192.0.2.0/33', '192.0.2.0', false],
  ['IpAddress', 'anywhere', '192.0.2.0', false],
  ['IpAddress', '::1', '0:0:0:0:0:0:0:1', true],
  ['NotIpAddress', '192.0.2.0/24', '198.51.100.1', true],
  ['NotIpAddress', '192.0.2.0/24', undefined, true],
  ['ArnEquals', 'arn:aws:iot:*:*:topic/a', 'arn:aws:iot:us-east-1:1:topic/a', true],
  ['ArnLike', 'arn:aws:iot:*:topic/*', 'arn:aws:iot:us-east-1:1:topic/a', false],
  ['ArnEquals', 'arn:aws:iot:us-east-1:1:topic/a*', 'arn:aws:iot:us-east-1:1:topic/a/b:c', true],
  ['ArnNotEquals', 'arn:aws:iot:*:*:topic/a', 'arn:aws:iot:us-east-1:1:topic/b', true],
  ['ArnNotLike', 'arn:aws:iot:*:*:topic/a', undefined, true],
  ['Null', 'true', undefined, true],
  ['Null', 'true', 'a', false],
  ['Null', false, 'a', true],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
  ['ForAllValues:StringEquals', ['a'], ['a', 'b'], false],
  ['ForAllValues:StringEquals', ['a'], undefined, true],
  ['ForAllValues:StringEquals', ['a'], [], true],
  ['ForAllValues:StringEquals', [], ['a'], false],
  ['ForAllValues:StringNotEquals', ['a'], ['b', 'c'], true],
  ['ForAllValues:StringNotEquals', ['a'], ['a', 'c'], false],
  ['ForAnyValue:StringEquals', ['a'], ['x', 'a'], true],
  ['ForAnyValue:StringEquals', ['a'], ['x'], false],
  ['ForAnyValue:StringEquals', ['a'], undefined, false],
  ['ForAnyValue:StringNotEquals', ['a'], undefined, false],
  ['ForAnyValue:StringEqualsIfExists', ['a'], undefined, true],
  ['ForAnyValue:StringNotEquals', ['a'], ['a', 'b'], true],
  ['StringEquals', ['a'], ['x', 'a'], true],
  ['stringequals', 'a', 'a', true],
]

describe('authz B9, B10, E4, E10, X30: condition operators', () => {
  it.for(
    rows.map(
      (row) => [`${row[0]} ${JSON.stringify(row[1])} of ${JSON.stringify(row[2])}`, row] as const,
    ),
  )('%s', ([, [operator, wanted, actual, holds]]) => {
    const condition = { [operator]: { 'Test:Key': wanted } }
    const decision = underCondition(condition, { 'test:key': actual })
    expect(decision === 'allow').toBe(holds)
  })

  it('authz E4: operators and keys all hold, values of a key are alternatives', () => {
    const condition = {
      StringEquals: { 'x:a': ['1', '2'], 'x:b': '3' },
      StringLike: { 'x:c': 'c*' },
    }
    expect(underCondition(condition, { 'x:a': '2', 'x:b': '3', 'x:c': 'cc' })).toBe('allow')
    expect(underCondition(condition, { 'x:a': '2', 'x:b': '3', 'x:c': 'd' })).toBe('implicitDeny')
    expect(underCondition(condition, { 'x:a': '2', 'x:c': 'cc' })).toBe('implicitDeny')
  })

  it('authz E11: an undefined variable in a value matches nothing', () => {
    const keys = { 'x:a': 'v' }
    expect(underCondition({ StringEquals: { 'x:a': '${x:missing}' } }, keys)).toBe('implicitDeny')
    expect(underCondition({ StringNotEquals: { 'x:a': '${x:missing}' } }, keys)).toBe('allow')
    expect(underCondition({ StringEquals: { 'x:a': "${x:missing, 'v'}" } }, keys)).toBe('allow')
    expect(underCondition({ StringEquals: { 'x:a': '${x:a}' } }, keys)).toBe('allow')
  })

  it('authz B6: key names compare case-insensitively', () => {
    expect(underCondition({ StringEquals: { 'X:A': '1' } }, { 'x:a': '1' })).toBe('allow')
  })
})
