/**
 * Documents and their placeholders (jobs J17, J67, J103, J129, J130).
 */
import { describe, expect, it } from 'vitest'
import { Harness } from './harness.ts'

const presignedUrlConfig = { roleArn: 'arn:aws:iam::123456789012:role/s3' }

describe('documents', () => {
  const link = (form: string, url: string): string => `\${aws:iot:s3-presigned-url${form}:${url}}`
  const of = (text: string): string => JSON.stringify({ url: text })
  const s3 = 'https://s3.us-east-1.amazonaws.com'
  const upload = (url: string): string => link('-upload', url)

  it.for<readonly [string, string, boolean, string]>([
    [
      'the newer form without a role',
      link('-v2', `${s3}/bkt/fw.bin`),
      false,
      'presignedUrlConfig role ARN is required to generate an S3 presigned url in job document.',
    ],
    [
      'the older form without a role',
      link('', `${s3}/bkt/fw.bin`),
      false,
      'Role must be provided for pre-sign S3 urls in job document of job J1.',
    ],
    [
      'an upload without a role',
      upload(`${s3}/bkt/fw.bin`),
      false,
      'presignedUrlConfig role ARN is required to generate an S3 presigned url in job document.',
    ],
    [
      'no S3',
      link('', 'https://example.com/fw.bin'),
      true,
      'Given S3 url https://example.com/fw.bin is invalid.',
    ],
    [
      'a blank in the newer form',
      link('-v2', `${s3}/bkt/fw 1.bin`),
      true,
      `Given S3 url ${s3}/bkt/fw 1.bin is invalid.`,
    ],
    [
      'no key',
      link('-v2', `${s3}/bkt`),
      true,
      `Provided S3 url is not valid: ${s3}/bkt. Error: Key cannot be null`,
    ],
    ['no bucket name', link('-v2', `${s3}/B_T/k`), true, 'Given S3 bucket name is invalid.'],
    [
      'a placeholder that does not end',
      '${aws:iot:s3-presigned-url-v2:https://s3.amazonaws.com/bkt/fw.bin',
      true,
      'One or more parameters or placeholders are not terminated.',
    ],
    [
      'a local name outside of uploads',
      'at ${thingName}',
      true,
      'Local placeholder, ${thingName}, is only valid inside of presign url upload',
    ],
    [
      'a local name in a download',
      link('-v2', `${s3}/bkt/\${jobId}`),
      true,
      'Local placeholder, ${jobId}, is only valid inside of presign url upload',
    ],
    [
      'an unknown name in an upload',
      upload(`${s3}/bkt/\${x}`),
      true,
      'Undefined placeholder, ${x}, inside of presign url upload parameter',
    ],
    [
      'a name three times',
      upload(`${s3}/bkt/\${thingName}/\${thingName}/\${thingName}`),
      true,
      'The occurrence of local placeholder ${thingName} within S3 presigned url upload placeholder exceeds limit of 2.',
    ],
    [
      'a name in the bucket',
      upload(`${s3}/\${thingName}/k`),
      true,
      'S3 bucket name in presigned url upload is not allowed to contain any placeholders',
    ],
    [
      'half a package',
      '${aws:iot:package:p:version::attributes}',
      true,
      'Empty package name and version name have to be used in pair.',
    ],
  ])('jobs J103, J129, J130: %s', ([, text, withRole, message]) => {
    const harness = new Harness()
    const more = { document: of(text), ...(withRole && { presignedUrlConfig }) }
    expect(harness.create('J1', more)).toMatchObject({
      error: { code: 'InvalidRequestException', message },
    })
    expect(harness.job('J1')).toEqual({ error: 'ResourceNotFoundException' })
  })

  it.for<readonly [string, string]>([
    ['no JSON', '{'],
    ['NaN', '{"a":NaN}'],
    ['too deep a list', `${'['.repeat(1001)}${']'.repeat(1001)}`],
    ['a string without its end', `"${'\\"'.repeat(16_000)}`],
  ])('jobs J67: %s is refused with its text', ([, document]) => {
    const message = 'Job document located at request input is an invalid JSON document.'
    expect(new Harness().create('J1', { document })).toMatchObject({ error: { message } })
  })

  it('jobs J67: a source without content is no JSON, a document without is none', () => {
    const harness = new Harness()
    const documentSource = 'https://s3.amazonaws.com/bkt/empty.json'
    const input = { jobId: 'J1', targets: [harness.thing('T1')], documentSource }
    expect(harness.engine.createJob(input, harness.nowMs, '')).toMatchObject({
      error: { message: `Job document located at ${documentSource} is an invalid JSON document.` },
    })
    expect(harness.create('J1', { document: '' })).toMatchObject({
      error: { message: 'Neither job document nor job document source is specified.' },
    })
  })

  it('jobs J67: 1000 levels pass, and brackets in strings are no levels', () => {
    const harness = new Harness()
    const deep = `${'[ '.repeat(1000)}${']'.repeat(1000)}`
    expect(harness.create('J1', { document: deep }).ok).toBe(true)
    expect(harness.create('J2', { document: of('['.repeat(1001)) }).ok).toBe(true)
  })

  it('jobs J103, D30: the forms of the download placeholder', () => {
    const harness = new Harness()
    const document = JSON.stringify({
      older: link('', `${s3}/bkt/fw 1.bin`),
      named: link('-v1', `${s3}/bkt/fw.bin`),
      newer: `get ${link('-v2', 'https://bkt.s3.amazonaws.com/fw%201.bin%3FversionId%3D7')} now`,
    })
    expect(harness.create('J1', { document, presignedUrlConfig }).ok).toBe(true)
    const { execution } = harness.ask('T1', '$next/get').payload as {
      execution: { jobDocument: Record<string, string> }
    }
    expect(execution.jobDocument['older']).toMatch(`?m=GET&u=${s3}/bkt/fw 1.bin&e=3600`)
    expect(execution.jobDocument['named']).toMatch(`?m=GET&u=${s3}/bkt/fw.bin&e=3600`)
    expect(execution.jobDocument['newer']).toMatch(
      /^get .*u=https:\/\/bkt\.s3\.amazonaws\.com\/fw%201\.bin%3FversionId%3D7&.* now$/,
    )
  })

  it('jobs J129: an upload becomes a PUT link with thing, job and number in its key', () => {
    const harness = new Harness()
    const key = '${thingName}/${jobId}/${executionNumber}-${thingName}.log'
    const document = JSON.stringify({
      own: upload(`${s3}/bkt/${key}`),
      made: '${aws:iot:s3-presigned-url-upload}',
    })
    expect(harness.create('J1', { document, presignedUrlConfig }).ok).toBe(true)
    const { execution } = harness.ask('T1', '$next/get').payload as {
      execution: { jobDocument: Record<string, string> }
    }
    expect(execution.jobDocument['own']).toContain(`m=PUT&u=${s3}/bkt/T1/J1/1-T1.log&`)
    expect(execution.jobDocument['made']).toContain(`m=PUT&u=${s3}/job-uploads/T1/J1/1&`)
  })

  it('jobs J17: devices get the document written anew, operators as it was', () => {
    const harness = new Harness()
    const document =
      '{ "z": 1, "a": [ 1 , 2.50, 1E2, 1e-7, -0, 12345678901234567890 ],\n "n": null, "z": 2,' +
      ' "s": "caf\\u00e9 \\/ \\u001f\\ud83d", "o": {"k": [null]} }'
    harness.create('J1', { document })
    const told = harness.engine.describeDeviceJobExecution(
      { thingName: 'T1', jobId: 'J1' },
      harness.nowMs,
    )
    expect(told.ok && told.value.execution?.jobDocument).toBe(
      '{"z":2,"a":[1,2.5,100.0,1.0E-7,0,12345678901234567890],"n":null,' +
        '"s":"caf\u00e9 / \\u001F\\uD83D","o":{"k":[null]}}',
    )
    expect(harness.operate('GetJobDocument', { jobId: 'J1' })).toEqual({
      ok: true,
      value: { document },
    })
  })
})
