/** Addresses that somebody else chose: none of them leads to this machine or its networks. */
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createAuthority, issueServerCertificate } from '@muster/pki'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fetchPublic, isPublicAddress } from '../src/fetch-public.ts'

let server: Server
let port: number
let ca: string
let requests = 0

beforeAll(async () => {
  const nowMs = Date.now()
  const authority = await createAuthority({ nowMs })
  const hostnames = ['localhost', 'document.example', '127.0.0.1']
  const issued = await issueServerCertificate(authority, { hostnames, keyType: 'EC', nowMs })
  ca = authority.certificatePem
  server = createServer(
    { key: issued.privateKeyPem, cert: issued.certificatePem },
    (asked, answer) => {
      requests += 1
      if (asked.url === '/moved') answer.writeHead(302, { location: '/job.json' }).end()
      else if (asked.url === '/gone') answer.writeHead(404).end()
      else if (asked.url === '/large') answer.end('x'.repeat(200))
      else answer.end('{}')
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())

it.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.31.0.1',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::7f00:1',
  'fc00::1',
  'fe80::1',
  'ff02::1',
  '2001:db8::1',
  '2001::1',
  '2002:7f00:1::',
  'localhost',
  '',
])('%s is no address of the public internet', (address) => {
  expect(isPublicAddress(address)).toBe(false)
})

it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::200e'])(
  '%s is one',
  (address) => {
    expect(isPublicAddress(address)).toBe(true)
  },
)

it('nothing is asked of this machine, however it is named', async () => {
  const before = requests
  const loopback = async (): Promise<{ address: string; family: number }[]> => [
    { address: '127.0.0.1', family: 4 },
  ]
  const mixed = async (): Promise<{ address: string; family: number }[]> => [
    { address: '8.8.8.8', family: 4 },
    { address: '127.0.0.1', family: 4 },
  ]
  for (const [host, resolve] of [
    ['127.0.0.1', undefined],
    ['[::1]', undefined],
    ['[::ffff:127.0.0.1]', undefined],
    ['2130706433', undefined],
    ['localhost', undefined],
    ['document.example', loopback],
    ['document.example', mixed],
  ] as const) {
    const needs = { ca, ...(resolve && { resolve }) }
    const fetched = fetchPublic(new URL(`https://${host}:${port}/job.json`), 100, needs)
    await expect(fetched, host).rejects.toThrow('not of the public internet')
  }
  expect(requests).toBe(before)
})

it('nobody is led elsewhere, and only so much is taken', async () => {
  const needs = {
    ca,
    isPublic: () => true,
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  }
  const at = (path: string): URL => new URL(`https://document.example:${port}${path}`)
  expect(Buffer.from(await fetchPublic(at('/job.json'), 100, needs)).toString()).toBe('{}')
  for (const [path, why] of [
    ['/moved', 'leads elsewhere'],
    ['/gone', 'answers 404'],
    ['/large', 'more than 100 bytes'],
  ] as const) {
    await expect(fetchPublic(at(path), 100, needs)).rejects.toThrow(why)
  }
  const plain = new URL(`http://document.example:${port}/`)
  await expect(fetchPublic(plain, 100, needs)).rejects.toThrow('expected `https://`')
  await expect(
    fetchPublic(at('/'), 100, { ...needs, resolve: () => Promise.resolve([]) }),
  ).rejects.toThrow('no address')
})
