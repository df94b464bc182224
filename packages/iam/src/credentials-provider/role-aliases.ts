/**
 * Role aliases (neighbours N102, N103): names under which devices ask for a role. At most a hundred, so
 * they live in memory, a record each.
 */
import type {
  CreateRoleAliasRequest,
  CreateRoleAliasResponse,
  DeleteRoleAliasRequest,
  DescribeRoleAliasRequest,
  DescribeRoleAliasResponse,
  ListRoleAliasesRequest,
  ListRoleAliasesResponse,
  UpdateRoleAliasRequest,
  UpdateRoleAliasResponse,
} from '@aws-sdk/client-iot'
import {
  accept,
  invalidRequest,
  iotArn,
  keptJson,
  keyOfPageToken,
  nameInArn,
  pageToken,
  refuse,
  type Account,
  type Outcome,
  type Refused,
} from '@muster/model'

/** A role alias. */
export interface RoleAlias {
  readonly roleAlias: string
  readonly roleArn: string
  readonly credentialDurationSeconds: number
  readonly createdAtMs: number
  readonly modifiedAtMs: number
}

/** Durable records, written through. */
export interface RoleAliasRecords {
  put(kind: string, key: string, value: string): void
  delete(kind: string, key: string): void
  load(kind: string): Iterable<{ readonly key: string; readonly value: string | Uint8Array }>
}

/** What role aliases need from outside. */
export interface RoleAliasPorts {
  readonly account: Account
  readonly records: RoleAliasRecords
  /** Refuses tags that no resource can be given. */
  readonly checkTags: (tags: CreateRoleAliasRequest['tags']) => Outcome<unknown>
  /** Adds the tags that a creation carries; they are checked. */
  readonly addTags: (resourceArn: string, tags: NonNullable<CreateRoleAliasRequest['tags']>) => void
  /** The alias is gone, and its tags with it. */
  readonly dropTags: (resourceArn: string) => void
}

const KIND = 'roleAlias'
const ALIASES_MAX = 100
const SECONDS_DEFAULT = 3600
const PAGE_SIZE = 25

/** All role aliases of an account. */
export class RoleAliases {
  readonly #ports: RoleAliasPorts
  readonly #aliases = new Map<string, RoleAlias>()

  constructor(ports: RoleAliasPorts) {
    this.#ports = ports
    for (const { key, value } of ports.records.load(KIND)) {
      this.#aliases.set(key, keptJson<RoleAlias>(value, `record ${KIND} ${key}`))
    }
  }

  get(roleAlias: string): RoleAlias | undefined {
    return this.#aliases.get(roleAlias)
  }

  /** InvalidRequestException, ResourceAlreadyExistsException, LimitExceededException. Whether there is such a role is not asked (neighbours N2). */
  create(input: CreateRoleAliasRequest, nowMs: number): Outcome<CreateRoleAliasResponse> {
    const { roleAlias = '', roleArn = '', tags } = input
    const tagged = this.#ports.checkTags(tags)
    if (!tagged.ok) return tagged
    const roleAliasArn = this.#arn(roleAlias)
    if (this.#aliases.has(roleAlias)) {
      const members = { resourceId: roleAlias, resourceArn: roleAliasArn }
      const message = `Role alias ${roleAlias} already exists`
      return refuse('ResourceAlreadyExistsException', message, members)
    }
    if (this.#aliases.size >= ALIASES_MAX) {
      return refuse('LimitExceededException', `The account has ${ALIASES_MAX} role aliases already`)
    }
    const { credentialDurationSeconds = SECONDS_DEFAULT } = input
    const times = { createdAtMs: nowMs, modifiedAtMs: nowMs }
    this.#put({ roleAlias, roleArn, credentialDurationSeconds, ...times })
    if (tags !== undefined) this.#ports.addTags(roleAliasArn, tags)
    return accept({ roleAlias, roleAliasArn })
  }

  /** Members that are not given stay. ResourceNotFoundException. */
  update(input: UpdateRoleAliasRequest, nowMs: number): Outcome<UpdateRoleAliasResponse> {
    const { roleAlias = '' } = input
    const before = this.#aliases.get(roleAlias)
    if (before === undefined) return absent(roleAlias)
    const { roleArn = before.roleArn } = input
    const { credentialDurationSeconds = before.credentialDurationSeconds } = input
    this.#put({ ...before, roleArn, credentialDurationSeconds, modifiedAtMs: nowMs })
    return accept({ roleAlias, roleAliasArn: this.#arn(roleAlias) })
  }

  /** ResourceNotFoundException. */
  describe({ roleAlias = '' }: DescribeRoleAliasRequest): Outcome<DescribeRoleAliasResponse> {
    const found = this.#aliases.get(roleAlias)
    if (found === undefined) return absent(roleAlias)
    return accept({
      roleAliasDescription: {
        roleAlias,
        roleAliasArn: this.#arn(roleAlias),
        roleArn: found.roleArn,
        owner: this.#ports.account.accountId,
        credentialDurationSeconds: found.credentialDurationSeconds,
        creationDate: new Date(found.createdAtMs),
        lastModifiedDate: new Date(found.modifiedAtMs),
      },
    })
  }

  /** ResourceNotFoundException. */
  delete({ roleAlias = '' }: DeleteRoleAliasRequest): Outcome<Record<never, never>> {
    if (!this.#aliases.delete(roleAlias)) return absent(roleAlias)
    this.#ports.records.delete(KIND, roleAlias)
    this.#ports.dropTags(this.#arn(roleAlias))
    return accept({})
  }

  /** By name, from the last unless `ascendingOrder`. InvalidRequestException for a bad marker. */
  list(input: ListRoleAliasesRequest): Outcome<ListRoleAliasesResponse> {
    const { marker, pageSize = PAGE_SIZE, ascendingOrder = false } = input
    const list = `roleAliases ${ascendingOrder}`
    const last = marker === undefined ? undefined : keyOfPageToken(list, marker)
    if (marker !== undefined && last === undefined) return invalidRequest('Invalid marker')
    const names = [...this.#aliases.keys()].sort()
    if (!ascendingOrder) names.reverse()
    const isAfter = (name: string): boolean =>
      last === undefined || (ascendingOrder ? name > last : name < last)
    const rest = names.filter(isAfter)
    const roleAliases = rest.slice(0, pageSize)
    const end = rest.length > pageSize ? roleAliases.at(-1) : undefined
    return accept({ roleAliases, ...(end !== undefined && { nextMarker: pageToken(list, end) }) })
  }

  /** Whether an alias has this ARN: what tag operations ask. */
  hasResource(resourceArn: string): boolean {
    return this.#aliases.has(nameInArn(this.#ports.account, 'rolealias', resourceArn) ?? '')
  }

  /** After the records were emptied. */
  reset(): void {
    this.#aliases.clear()
  }

  #put(alias: RoleAlias): void {
    this.#aliases.set(alias.roleAlias, alias)
    this.#ports.records.put(KIND, alias.roleAlias, JSON.stringify(alias))
  }

  #arn(roleAlias: string): string {
    return iotArn(this.#ports.account, 'rolealias', roleAlias)
  }
}

function absent(roleAlias: string): Refused {
  return refuse('ResourceNotFoundException', `Role alias ${roleAlias} does not exist`)
}
