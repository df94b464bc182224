/**
 * The account's switches: event configurations and fleet indexing.
 */
import type {
  ThingGroupIndexingConfiguration,
  ThingIndexingConfiguration,
} from '@aws-sdk/client-iot'
import type { RegistryPorts } from './ports.ts'
import { RecordTable, type KeptTable } from './record-table.ts'
import type { Transaction } from './transaction.ts'

/** Which registry events are published (gateway G120). */
export interface EventConfigurationsRecord {
  readonly enabled: Readonly<Record<string, boolean>>
  readonly createdAtMs: number
  readonly modifiedAtMs: number
}

/** What the fleet index holds (gateway G80). */
export interface IndexingRecord {
  readonly thingIndexingMode: 'OFF' | 'REGISTRY' | 'REGISTRY_AND_SHADOW'
  readonly thingConnectivityIndexingMode: 'OFF' | 'STATUS'
  readonly thingGroupIndexingMode: 'OFF' | 'ON'
  /** Custom fields, filters and Device Defender and named-shadow modes, given back as they came. */
  readonly thing: Omit<Partial<ThingIndexingConfiguration>, 'managedFields'>
  readonly thingGroup: Omit<Partial<ThingGroupIndexingConfiguration>, 'managedFields'>
}

/** One row each. */
export class SettingsState {
  readonly #events: RecordTable<EventConfigurationsRecord>
  readonly #indexing: RecordTable<IndexingRecord>

  constructor(ports: RegistryPorts, transaction: Transaction) {
    this.#events = new RecordTable('eventConfigurations', ports.records, transaction)
    this.#indexing = new RecordTable('indexingConfiguration', ports.records, transaction)
  }

  get eventConfigurations(): EventConfigurationsRecord | undefined {
    return this.#events.get('account')
  }

  setEventConfigurations(configurations: EventConfigurationsRecord): void {
    this.#events.set('account', configurations)
  }

  get indexing(): IndexingRecord | undefined {
    return this.#indexing.get('account')
  }

  setIndexing(indexing: IndexingRecord): void {
    this.#indexing.set('account', indexing)
  }

  /** Every table of this state: loaded at the start and after a reset. */
  tables(): readonly KeptTable[] {
    return [this.#events, this.#indexing]
  }
}
