/** The fleet query language through SearchIndex: one small fleet, one table of queries. */
import { describe, expect, it } from 'vitest'
import { code, ok, said } from './open-test-registry.ts'
import { openFleet } from './query-fleet.ts'

const ALL = ['alpha-1', 'alpha-2', 'beta-1', 'Gamma']

describe('gateway G79', () => {
  const { registry } = openFleet()
  const search = (queryString: string): string[] =>
    (ok(registry.searchIndex({ queryString }, 0)).things ?? [])
      .map(({ thingName }) => thingName ?? '')
      .sort((one, other) => ALL.indexOf(one) - ALL.indexOf(other))

  it.for<[query: string, found: string[]]>([
    ['*', ALL],
    ['thingName:alpha-1', ['alpha-1']],
    ['thingName:ALPHA-1', ['alpha-1']],
    ['thingName:gamma', ['Gamma']],
    ['thingName:alpha', []],
    ['thingName:"alpha-1"', ['alpha-1']],
    ['thingName:alpha*', ['alpha-1', 'alpha-2']],
    ['thingName:"alpha*"', []],
    ['thingName:alpha\\*', []],
    ['thingName:Alpha-?', ['alpha-1', 'alpha-2']],
    ['thingName:a*-1', ['alpha-1']],
    ['thingTypeName:sensor', ['alpha-1', 'beta-1']],
    ['thingTypeName:*', ['alpha-1', 'beta-1']],
    ['thingGroupNames:north*', ['alpha-1']],
    ['thingGroupNames:bill', ['alpha-2']],
    ['attributes.site:north', ['alpha-1']],
    ['attributes.site:NORTH', ['alpha-1']],
    ['attributes.Site:north', []],
    ['attributes.site:*', ['alpha-1', 'alpha-2']],
    ['attributes.absent:x', []],
    ['attributes.a\\:b:x', ['Gamma']],
    ['attributes.count:[75 TO 80]', ['alpha-1', 'alpha-2']],
    ['attributes.count:{75 TO 80]', ['alpha-2']],
    ['attributes.count:[75 TO 80}', ['alpha-1']],
    ['attributes.count:[* TO 75]', ['alpha-1', 'beta-1']],
    ['attributes.count:[76 TO *]', ['alpha-2']],
    ['attributes.count:[-5 TO 10]', ['beta-1']],
    ['attributes.count>9', ['alpha-1', 'alpha-2']],
    ['attributes.count>=9', ['alpha-1', 'alpha-2', 'beta-1']],
    ['attributes.count<75.5', ['alpha-1', 'beta-1']],
    ['attributes.count<=80', ['alpha-1', 'alpha-2', 'beta-1']],
    ['attributes.site>5', []],
    ['attributes.serial:["abcd" TO "abcf"]', ['alpha-2']],
    ['attributes.serial:[abcd TO ABCZ]', ['alpha-2', 'beta-1']],
    ['alpha-1', ['alpha-1']],
    ['north', ['alpha-1']],
    ['alph*', ['alpha-1', 'alpha-2']],
    ['connectivity.connected:true', ['alpha-1']],
    ['connectivity.connected:false', ['alpha-2', 'beta-1', 'Gamma']],
    ['connectivity.timestamp>1500', ['alpha-1']],
    ['connectivity.disconnectReason:connection_lost', ['beta-1']],
    ['NOT connectivity.connected:true', ['alpha-2', 'beta-1', 'Gamma']],
    ['thingName:alpha* attributes.site:south', ['alpha-2']],
    ['thingName:alpha* AND attributes.site:south', ['alpha-2']],
    ['thingName:gamma OR thingName:beta-1', ['beta-1', 'Gamma']],
    ['thingName:gamma || thingName:beta-1', ['beta-1', 'Gamma']],
    ['thingTypeName:sensor && attributes.site:north', ['alpha-1']],
    ['NOT thingTypeName:sensor', ['alpha-2', 'Gamma']],
    ['-thingTypeName:sensor', ['alpha-2', 'Gamma']],
    ['!thingTypeName:sensor', ['alpha-2', 'Gamma']],
    ['thingName:alpha* NOT thingTypeName:sensor', ['alpha-2']],
    ['thingName:alpha* -thingTypeName:sensor', ['alpha-2']],
    ['NOT thingName:alpha* AND thingTypeName:sensor', ['beta-1']],
    ['thingName:(alpha* AND -alpha-2)', ['alpha-1']],
    ['attributes.site:(north OR south)', ['alpha-1', 'alpha-2']],
    ['(thingName:gamma OR thingName:alpha*) AND NOT thingTypeName:sensor', ['alpha-2', 'Gamma']],
    // AND binds tighter than OR, and OR tighter than what merely follows.
    ['thingName:gamma OR thingName:alpha* AND attributes.site:south', ['alpha-2', 'Gamma']],
    ['thingName:gamma OR thingName:alpha* attributes.site:south', ['alpha-2']],
    ['thingName:alpha* attributes.site:south OR thingName:gamma', ['alpha-2']],
    ['thingName:alpha* attributes.site:south OR attributes.site:north', ['alpha-1', 'alpha-2']],
    ['thingName:(gamma OR alpha* -alpha-2)', ['alpha-1', 'Gamma']],
    ['thingName:*a', ['Gamma']],
    ['thingName:*LPHA*', ['alpha-1', 'alpha-2']],
    ['thingName:*a AND NOT thingName:alpha*', ['Gamma']],
    ['*-1', ['alpha-1', 'beta-1']],
    ['attributes.site:a\\/b', []],
    ['attributes.site:"a/b@c"', []],
    ['(thingName:gamma OR thingName:alpha*) attributes.site:south', ['alpha-2']],
    ['attributes.count:75 AND attributes.site:North AND attributes.count<80', ['alpha-1']],
    ['attributes.constructor:x', []],
  ])('finds %s', ([query, found]) => {
    expect(search(query)).toEqual(found)
  })

  it.for<string>([
    '',
    ' ',
    'thingName:',
    'thingName:(a',
    'thingName:a)',
    '()',
    'AND thingName:a',
    'thingName:a AND',
    'thingName:a OR',
    'thingName:a NOT',
    'NOT',
    'NOT NOT thingName:a',
    'thingName:a AND OR thingName:b',
    'thingName:a OR AND thingName:b',
    'thingName:a ]',
    'thingName:"a',
    'attributes.count:>5',
    'thingName:[a',
    'thingName:[a TO',
    'thingName:[a b]',
    'thingName:[a TO b',
    'thingName:[TO b]',
    'thingName:]',
    'thingName:a\\',
    'thingName:(attributes.x:1)',
    'thingname:a',
    'ThingName:a',
    'bogus:1',
    'attributes:1',
    'attributes.:1',
    'shadow.name:x',
    'shadow.name.other.reported.a:1',
    'thingName:?a',
    'thingName:*a OR thingName:*b',
    `thingName:*a OR ${'thingName:x OR '.repeat(6)}thingName:y`,
    ...Array.from('`@#%;,', (character) => `attributes.site:a${character}b`),
    "attributes.site:a'b",
    'attributes.site:a/b',
    'thingName:a*b*c*',
    'thingName:a??????',
    'thingName:a~',
    'thingName:a^2',
    'thingName:/a/',
    '+thingName:a',
    `${'('.repeat(499)}thingName:a`,
    Array.from({ length: 13 }, () => 'thingName:a').join(' OR '),
  ])('refuses %s', (queryString) => {
    expect(code(registry.searchIndex({ queryString }, 0))).toBe('InvalidQueryException')
  })

  it.for<readonly [query: string, message: string]>([
    ['thingName:', 'Unable to parse query, invalid syntax'],
    ['bogus:1', 'Unable to parse query, invalid field name, field name: bogus'],
    ['bogus:1 OR thingName:', 'Unable to parse query, invalid syntax'],
    [
      'thingName:*a*b*',
      'Unable to parse query, invalid value - too many wildcards (*). ' +
        'The maximum allowed per term is 2, field name: thingName, value: *a*b*',
    ],
    [
      'thingName:?a',
      'Unable to parse query, invalid value - wildcard character (?) is not allowed ' +
        'at the start of the value, field name: thingName, value: ?a',
    ],
    ['+thingName:a', 'Unable to parse query, unsupported operator - "+"'],
    ['thingName:a~2', 'Unable to parse query, unsupported query type - fuzzy'],
    ['thingName:/a/', 'Unable to parse query, unsupported query type - regular expression'],
    ['thingName:a^2', 'Unable to parse query, unsupported query type - boost'],
    [
      'bogus:1 OR '.repeat(12) + 'thingName:a',
      'Unable to parse query, number of terms cannot exceed 12, terms found: 13',
    ],
  ])('says what is wrong with %s', ([queryString, message]) => {
    expect(said(registry.searchIndex({ queryString }, 0))).toBe(
      `InvalidQueryException: ${message}, query string: ${queryString}`,
    )
  })

  it('gateway A13: twelve terms and 1,000 characters are accepted, no more', () => {
    const twelve = Array.from({ length: 12 }, () => 'thingName:gamma').join(' OR ')
    expect(search(twelve)).toEqual(['Gamma'])
    expect(search(`thingName:${'a'.repeat(990)}`)).toEqual([])
    expect(code(registry.searchIndex({ queryString: `thingName:${'a'.repeat(991)}` }, 0))).toBe(
      'InvalidRequestException',
    )
  })

  it('gateway G79: a hostile pattern costs no more than its length times the value', () => {
    const opened = openFleet()
    const attributes = { long: 'a'.repeat(800) }
    ok(opened.registry.createThing({ thingName: 'L', attributePayload: { attributes } }, 0))
    const queryString = `attributes.long:a*${'a'.repeat(400)}*${'?'.repeat(5)}b`
    expect(ok(opened.registry.searchIndex({ queryString }, 0)).things).toEqual([])
  })
})
