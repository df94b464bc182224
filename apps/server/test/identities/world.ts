/** A server with an IAM file, and clients of whoever signs. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity'
import { IoTClient } from '@aws-sdk/client-iot'
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane'
import { IoTJobsDataPlaneClient } from '@aws-sdk/client-iot-jobs-data-plane'
import { STSClient } from '@aws-sdk/client-sts'
import type { ServerOptions } from '@muster/server'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import type { AwsCredentialIdentity } from '@smithy/types'
import { afterAll, beforeAll } from 'vitest'

export const accountId = '123456789012'
export const roleArn = (name: string): string => `arn:aws:iam::${accountId}:role/${name}`
export const issuer = 'idp.example.com/realm'
export const providerArn: string = `arn:aws:iam::${accountId}:oidc-provider/${issuer}`

/** Keys as STS spells them, or those of Cognito. */
interface StsKeys {
  readonly AccessKeyId?: string | undefined
  readonly SecretAccessKey?: string | undefined
  readonly SecretKey?: string | undefined
  readonly SessionToken?: string | undefined
}

/** One statement as a document. */
export function document(
  effect: 'Allow' | 'Deny',
  action: unknown,
  resource: unknown = '*',
): object {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: effect, Action: action, Resource: resource }],
  }
}

/** A trust document of one statement. */
export function trust(principal: unknown, action: unknown, condition?: object): object {
  const statement = { Effect: 'Allow', Principal: principal, Action: action }
  const Statement = [condition === undefined ? statement : { ...statement, Condition: condition }]
  return { Version: '2012-10-17', Statement }
}

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const jwk: object = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'k1' }

/** A token of the declared provider. */
export function idToken(sub: string, claims: object = {}): string {
  const seconds = Math.floor(Date.now() / 1000)
  const encoded = (value: object): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url')
  const head = encoded({ alg: 'RS256', typ: 'JWT', kid: 'k1' })
  const body = encoded({
    iss: `https://${issuer}`,
    aud: 'app1',
    sub,
    iat: seconds,
    exp: seconds + 3600,
    ...claims,
  })
  const signature = sign('sha256', Buffer.from(`${head}.${body}`), pair.privateKey)
  return `${head}.${body}.${signature.toString('base64url')}`
}

/** A key that nobody guesses, for a user of the file. */
export function accessKey(name: string): object {
  return { accessKeyId: `AKIA${name.toUpperCase()}`, secretAccessKey: `${name}-secret` }
}

/** A user who may do everything. */
export const administrator: object = {
  userName: 'admin',
  managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
  accessKeys: [accessKey('admin')],
}

/** The provider of {@link idToken}, as an IAM file declares it. */
export const oidcProvider: object = {
  url: `https://${issuer}`,
  clientIds: ['app1'],
  jwks: { keys: [jwk] },
}

/** A trust document for subjects of that provider. */
export const webTrust: object = trust({ Federated: providerArn }, 'sts:AssumeRoleWithWebIdentity')

/** A trust document for identities of a pool; `amr` says of which kind. */
export function cognitoTrust(amr?: 'authenticated' | 'unauthenticated'): object {
  return trust(
    { Federated: 'cognito-identity.amazonaws.com' },
    'sts:AssumeRoleWithWebIdentity',
    amr && { 'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': amr } },
  )
}

/** Keys for clients of calls that are not signed. */
export const nobody: AwsCredentialIdentity = { accessKeyId: 'none', secretAccessKey: 'none' }

/** An ARN of IoT: `iotArn('topic/a')`. */
export const iotArn = (resource: string): string => `arn:aws:iot:us-east-1:${accountId}:${resource}`

/** A server over an IAM file, for the tests of one file. */
export class IdentityWorld {
  #server: TestServer | undefined
  readonly #folder = mkdtempSync(join(tmpdir(), 'muster-iam-'))
  readonly #file = join(this.#folder, 'iam.json')

  /** Opens before the file's tests and closes after them. */
  constructor(iam: object, options: Partial<ServerOptions> = {}) {
    this.write(iam)
    beforeAll(async () => {
      this.#server = await startTestServer({ iamFiles: [this.#file], ...options })
    })
    afterAll(async () => {
      await this.#server?.close()
      rmSync(this.#folder, { recursive: true })
    })
  }

  get server(): TestServer {
    if (this.#server === undefined) throw new Error('the server is up while tests run')
    return this.#server
  }

  /** Writes the file anew; the server takes it up by itself. */
  write(iam: object): void {
    writeFileSync(this.#file, JSON.stringify(iam))
  }

  async restart(): Promise<void> {
    this.#server = await this.server.restart()
  }

  /** The newest entry of the decision log that a query finds. */
  async newestRefusal(query = ''): Promise<unknown> {
    const reply = await this.server.admin('GET', `decisions?${query}`)
    const { decisions } = (await reply.json()) as { decisions: readonly unknown[] }
    return decisions[0]
  }

  #settings(credentials: AwsCredentialIdentity): {
    endpoint: string
    region: string
    maxAttempts: number
    credentials: AwsCredentialIdentity
  } {
    return { endpoint: this.server.httpUrl, region: 'us-east-1', maxAttempts: 1, credentials }
  }

  sts(who: AwsCredentialIdentity): STSClient {
    return new STSClient(this.#settings(who))
  }

  iot(who: AwsCredentialIdentity): IoTClient {
    return new IoTClient(this.#settings(who))
  }

  data(who: AwsCredentialIdentity): IoTDataPlaneClient {
    return new IoTDataPlaneClient(this.#settings(who))
  }

  jobsData(who: AwsCredentialIdentity): IoTJobsDataPlaneClient {
    return new IoTJobsDataPlaneClient(this.#settings(who))
  }

  cognito(who: AwsCredentialIdentity): CognitoIdentityClient {
    return new CognitoIdentityClient(this.#settings(who))
  }
}

/** The user of the file with this name. */
export function user(name: string): AwsCredentialIdentity {
  return { accessKeyId: `AKIA${name.toUpperCase()}`, secretAccessKey: `${name}-secret` }
}

/** Temporary keys as a client takes them. */
export function session(keys: StsKeys | undefined): AwsCredentialIdentity {
  return {
    accessKeyId: keys?.AccessKeyId ?? '',
    secretAccessKey: keys?.SecretAccessKey ?? keys?.SecretKey ?? '',
    sessionToken: keys?.SessionToken ?? '',
  }
}

/** `ok`, or `Name 403: message` of a refusal. */
export async function answer(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'ok'
  } catch (cause) {
    const { name, message, $metadata } = cause as Error & {
      $metadata?: { httpStatusCode?: number }
    }
    return `${name} ${$metadata?.httpStatusCode}: ${message}`
  }
}
