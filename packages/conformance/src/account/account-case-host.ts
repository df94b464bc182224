/** Cases in an account of others: one host a case, with names of its own. */
import type { CaseEndpoints, CaseHost } from '../cases/case-host.ts'
import { sent } from '../cases/case-operator.ts'
import type { Json, JsonObject } from '../scenario-format.ts'
import type { AccountStay } from './account-stay.ts'
import { OwnNames, WRITTEN_FOR } from './own-names.ts'

const CLIENT_ID_LENGTH_MAX = 128

/** The account as one case sees it. */
export class AccountCaseHost implements CaseHost {
  readonly #stay: AccountStay
  readonly #caseId: string

  constructor(stay: AccountStay, caseId: string) {
    this.#stay = stay
    this.#caseId = caseId
  }

  start(): Promise<CaseEndpoints> {
    const { prefix, run, place, mqtt, httpsPort, quietMs, patienceMs } = this.#stay.options
    const names = new OwnNames(`${prefix}-${run}-${this.#caseId}-`, place)
    const back = (value: Json): Json => names.back(value)
    return Promise.resolve({
      region: WRITTEN_FOR.region,
      accountId: WRITTEN_FOR.accountId,
      httpUrl: '',
      dataHost: mqtt.host,
      mqttPort: mqtt.port,
      httpsPort,
      caPem: mqtt.ca,
      elsewhere: {
        quietMs,
        patienceMs,
        ...this.#stay.identity,
        call: async (service, operation, args) => {
          const own = sent(names.out(args as JsonObject))
          const result = await this.#stay.call(service, operation, own)
          const { message } = result
          return {
            ...result,
            body: back(result.body),
            ...(message !== undefined && { message: names.backText(message) }),
          }
        },
        nowMs: () => this.#stay.calls.nowMs(),
        clientId: (client) => `${names.head}${client}`.slice(0, CLIENT_ID_LENGTH_MAX),
        topic: (topic) => names.topic(topic),
        path: (path) => names.path(path),
        back,
      },
    })
  }

  replaceIam(): Promise<boolean> {
    return Promise.reject(new Error('the IAM of this account is not ours'))
  }

  restart(): Promise<void> {
    return Promise.reject(new Error('this account cannot be restarted'))
  }

  async stop(): Promise<void> {
    await this.#stay.removeMade()
  }
}
