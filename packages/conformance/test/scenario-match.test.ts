/**
 * The matchers and placeholders of scenario files: what they accept and, above all, what not.
 */
import { describe, expect, it } from 'vitest'
import type { Json } from '../src/scenario-format.ts'
import { mismatch } from '../src/scenario-match.ts'
import { fillPlaceholders, fillRun } from '../src/scenario-placeholders.ts'

const time = { fromMs: 1_700_000_000_000, toMs: 1_700_000_001_000 }
const fits = (expected: Json, actual: Json | undefined): boolean =>
  mismatch(expected, actual, time, 'body') === undefined

describe('matchers', () => {
  it.for<readonly [Json, Json | undefined, boolean]>([
    [1, 1, true],
    [1, '1', false],
    ['a', 'a', true],
    [null, null, true],
    [null, undefined, false],
    ['$aws/things/T1', '$aws/things/T1', true],
    ['$absent', undefined, true],
    ['$absent', null, false],
    ['$present', 0, true],
    ['$present', undefined, false],
    ['$string', 'x', true],
    ['$string', '', false],
    ['$object', {}, true],
    ['$object', [], false],
    ['$epoch', 1_700_000_000, true],
    ['$epoch', 1_699_999_995, true],
    ['$epoch', 1_699_999_990, false],
    ['$epoch', 1_700_000_000.5, false],
    ['$seconds', 1_700_000_000, true],
    ['$seconds', 1_700_000_000_000, false],
    ['$milliseconds', 1_700_000_000_000, true],
    ['$milliseconds', 1_700_000_000, false],
    ['$oneOf(a, b)', 'b', true],
    ['$oneOf(a,b)', 'c', false],
    [{ a: 1 }, { a: 1, b: 2 }, true],
    [{ a: 1 }, {}, false],
    [{}, [], false],
    [{ $exact: { a: 1 } }, { a: 1 }, true],
    [{ $exact: { a: 1 } }, { a: 1, b: 2 }, false],
    [{ $exact: {} }, undefined, false],
    [{ $gte: 1, $lte: 3 }, 2, true],
    [{ $gte: 1, $lte: 3 }, 4, false],
    [{ $gte: 1 }, '2', false],
    [{ $regex: 'b.c$' }, 'ab\nc', true],
    [{ $regex: '^b' }, 'ab', false],
    [{ $len: 2 }, [1, 2], true],
    [{ $len: 2 }, [1], false],
    [{ $contains: [{ a: 1 }] }, [{ a: 2 }, { a: 1 }], true],
    [{ $contains: [{ a: 3 }] }, [{ a: 2 }, { a: 1 }], false],
    [{ $unordered: [1, 2] }, [2, 1], true],
    [{ $unordered: [1, 1] }, [1, 2], false],
    [[1, 2], [1, 2], true],
    [[1, 2], [2, 1], false],
    [[1], [1, 2], false],
  ])('%j against %j: %s', ([expected, actual, wanted]) => {
    expect(fits(expected, actual)).toBe(wanted)
  })
})

describe('placeholders', () => {
  const values = {
    region: 'eu-west-1',
    accountId: '1',
    nowMs: Date.UTC(2026, 10, 22, 23, 40, 59),
    saved: new Map<string, Json>([['tok', 'abc']]),
  }

  it.for<readonly [Json, Json]>([
    ['thing:T1', 'arn:aws:iot:eu-west-1:1:thing/T1'],
    ['group:G:1', 'arn:aws:iot:eu-west-1:1:thinggroup/G:1'],
    ['$time(+35m)', '2026-11-23T00:15'],
    ['$cron(+40m)', 'cron(20 0 * * ? *)'],
    ['$text(ab,3)', 'ababab'],
    ['$jsonText(20)', `{"a":"${'x'.repeat(12)}"}`],
    ['$list(thing:T1,2)', ['arn:aws:iot:eu-west-1:1:thing/T1', 'arn:aws:iot:eu-west-1:1:thing/T1']],
    ['$managedTemplate(AWS-Reboot)', 'arn:aws:iot:eu-west-1::jobtemplate/AWS-Reboot:1.0'],
    ['$templateArn(X)', 'arn:aws:iot:eu-west-1:1:jobtemplate/X'],
    ['$saved(tok)', 'abc'],
    ['$epoch', '$epoch'],
    [{ '$text(k,2)': 'thing:A' }, { kk: 'arn:aws:iot:eu-west-1:1:thing/A' }],
  ])('%j becomes %j', ([given, wanted]) => {
    expect(fillPlaceholders(given, values)).toEqual(wanted)
  })

  it('fills in the number of a run', () => {
    expect(fillRun({ thingName: 'T{i}', targets: ['thing:T{i}'] }, 'i', 7)).toEqual({
      thingName: 'T7',
      targets: ['thing:T7'],
    })
  })
})
