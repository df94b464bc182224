import { expect, it } from 'vitest'
import { rateOf } from '../../src/operations/table.ts'
import { RateQuotas } from '../../src/rate-quotas.ts'

it('jobs J113, gateway G123: calls above a rate are refused, and a second brings them back', () => {
  let nowMs = 0
  const quotas = new RateQuotas(rateOf, () => nowMs)
  const over = (operation: string, calls: number): number => {
    let refused = 0
    for (let call = 0; call < calls; call++) if (quotas.exceeded('iot', operation)) refused++
    return refused
  }
  expect(over('CreateJob', 12)).toBe(2)
  expect(over('DescribeJob', 10)).toBe(0)
  nowMs = 500
  expect(over('CreateJob', 6)).toBe(1)
  nowMs = 60_000
  expect(over('CreateJob', 11)).toBe(1)
  expect(over('CreateTopicRule', 100)).toBe(0)
})

it('gateway G123: a connection may be asked about once a second, others meanwhile', () => {
  let nowMs = 0
  const quotas = new RateQuotas(rateOf, () => nowMs)
  const over = (operation: string, clientId: string): boolean =>
    quotas.exceeded('iotdata', operation, { clientId })
  expect([over('GetConnection', 'a'), over('GetConnection', 'a')]).toEqual([false, true])
  expect([over('GetConnection', 'b'), over('ListSubscriptions', 'a')]).toEqual([false, false])
  nowMs = 1000
  expect(over('GetConnection', 'a')).toBe(false)
  for (let client = 0; client < 98; client++) over('GetConnection', `other ${client}`)
  expect(over('GetConnection', 'c')).toBe(false)
  expect(over('GetConnection', 'd')).toBe(true)
})

it('neighbours N41: a shadow takes 20 requests a second, an account 4,000', () => {
  let nowMs = 0
  const quotas = new RateQuotas(rateOf, () => nowMs)
  const over = (operation: string, thingName: string, shadowName?: string): boolean =>
    quotas.exceeded('iotdata', operation, { thingName, shadowName })
  for (let call = 0; call < 10; call++) {
    expect(over('GetThingShadow', 'T')).toBe(false)
    expect(over('UpdateThingShadow', 'T')).toBe(false)
  }
  expect(over('DeleteThingShadow', 'T')).toBe(true)
  expect(over('GetThingShadow', 'T', 'named')).toBe(false)
  nowMs = 50
  expect([over('GetThingShadow', 'T'), over('GetThingShadow', 'T')]).toEqual([false, true])
  nowMs = 2000
  for (let thing = 0; thing < 4000; thing++) expect(over('GetThingShadow', `t${thing}`)).toBe(false)
  expect(over('GetThingShadow', 'T')).toBe(true)
  expect(over('ListNamedShadowsForThing', 'T')).toBe(true)
})

it('jobs section 8: reads share one data-plane rate and writes another', () => {
  const quotas = new RateQuotas(rateOf, () => 0)
  for (let call = 0; call < 100; call++) {
    expect(quotas.exceeded('iot-jobs-data', 'DescribeJobExecution')).toBe(false)
    expect(quotas.exceeded('iot-jobs-data', 'GetPendingJobExecutions')).toBe(false)
  }
  expect(quotas.exceeded('iot-jobs-data', 'DescribeJobExecution')).toBe(true)
  expect(quotas.exceeded('iot-jobs-data', 'UpdateJobExecution')).toBe(false)
})

it('gateway section 8: every certificate operation has a rate, and the older AttachPolicy shares its', () => {
  const quotas = new RateQuotas(rateOf, () => 0)
  const passed = (operation: string): number => {
    let calls = 0
    while (calls < 100 && !quotas.exceeded('iot', operation)) calls++
    return calls
  }
  for (const operation of [
    'RegisterCACertificate',
    'DescribeCACertificate',
    'ListCACertificates',
    'ListCertificatesByCA',
    'UpdateCACertificate',
    'DeleteCACertificate',
    'TransferCertificate',
    'AcceptCertificateTransfer',
    'RejectCertificateTransfer',
    'CancelCertificateTransfer',
    'ListOutgoingCertificates',
    'GetRegistrationCode',
    'DeleteRegistrationCode',
  ]) {
    expect([operation, passed(operation)]).toEqual([operation, 10])
  }
  expect(passed('AttachPrincipalPolicy')).toBe(15)
  expect(passed('AttachPolicy')).toBe(0)
})

it('neighbours N91: devices of an account may ask streams 1,000 times a second', () => {
  let nowMs = 0
  const quotas = new RateQuotas(rateOf, () => nowMs)
  for (let call = 0; call < 999; call++) {
    expect(quotas.exceeded('streams', 'GetStream')).toBe(false)
  }
  const next = (): boolean => quotas.exceeded('streams', 'DescribeStream')
  expect([next(), next()]).toEqual([false, true])
  nowMs = 1
  expect([next(), next()]).toEqual([false, true])
})
