/**
 * Where every part of the server tells what it refused. A policy's denials go to the log by
 * themselves: only they have an explanation.
 */
import type { BrokerRefusal } from '@muster/broker'
import type { Account, Refusal } from '@muster/model'
import { certificateRefusal, type RefusedCertificate } from './certificate-refusals.ts'
import type { DecisionLog } from './decision-log.ts'
import { deviceRequestRefusal, type RejectedRequest } from './device-request-refusals.ts'
import { mqttRefusal } from './mqtt-refusals.ts'
import { requestRefusal, type RefusedRequest } from './request-refusals.ts'
import { signatureRefusal, type RefusedSignature } from './signature-refusals.ts'
import { tlsRefusal, type FailedHandshake } from './tls-refusals.ts'

/** Takes refusals of every kind. */
export class Refusals {
  readonly #account: Account
  readonly #log: Pick<DecisionLog, 'record'>

  constructor(account: Account, log: Pick<DecisionLog, 'record'>) {
    this.#account = account
    this.#log = log
  }

  /** A handshake came to nothing. */
  handshake(failed: FailedHandshake): void {
    this.#log.record(...tlsRefusal(failed))
  }

  /** A device's certificate does not authenticate. */
  certificate(refused: RefusedCertificate): void {
    this.#log.record(...certificateRefusal(this.#account, refused))
  }

  /** The broker refused something. */
  mqtt(refusal: BrokerRefusal): void {
    this.#log.record(...mqttRefusal(this.#account, refusal))
  }

  /** A SigV4 signature is missing or wrong. */
  signature(refused: RefusedSignature, refusal: Refusal): void {
    this.#log.record(...signatureRefusal(refused, refusal))
  }

  /** A request over HTTP was refused for what it asks. */
  request(refused: RefusedRequest, refusal: Refusal<string>): void {
    this.#log.record(...requestRefusal(this.#account, refused, refusal))
  }

  /** A request over MQTT was answered on `…/rejected`. */
  deviceRequest(rejected: RejectedRequest): void {
    this.#log.record(...deviceRequestRefusal(this.#account, rejected))
  }

  /** The admin API or the console was refused to somebody. */
  admin(request: string, sourceIp: string, { code, message }: Refusal): void {
    this.#log.record(
      {
        kind: 'admin',
        effect: 'deny',
        action: 'HTTP',
        reason: code,
        protocol: 'https',
        sourceIp,
        resource: request,
      },
      { summary: `${code}: ${message}`, hint: adminHint(code, message) },
    )
  }
}

function adminHint(code: string, message: string): string {
  if (code === 'UnauthorizedException') {
    return 'send the admin token: Authorization: Bearer TOKEN (--admin-token)'
  }
  return message.startsWith('Foreign Origin')
    ? 'ask from a program, or from a page that this server serves'
    : 'use localhost, or a name that was given with --hostname'
}
