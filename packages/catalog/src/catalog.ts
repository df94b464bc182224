/**
 * The Software Package Catalog without a wire: requests and the time in, outcomes out.
 */
import type * as Iot from '@aws-sdk/client-iot'
import type { Outcome } from '@muster/model'
import { namesInArn } from './arns.ts'
import { DEFAULT_CATALOG_LIMITS, type CatalogContext, type CatalogPorts } from './catalog-ports.ts'
import type { PackageVersionRecord } from './catalog-state.ts'
import { getPackageConfiguration, updatePackageConfiguration } from './configuration.ts'
import { installedVersions } from './installed-versions.ts'
import {
  createPackage,
  deletePackage,
  getPackage,
  listPackages,
  updatePackage,
  type Empty,
} from './packages.ts'
import { associateSbom, disassociateSbom, listSbomValidationResults } from './sbom.ts'
import {
  createPackageVersion,
  deletePackageVersion,
  getPackageVersion,
  listPackageVersions,
  updatePackageVersion,
} from './versions.ts'

/** Applies requests to a state. Synchronous; nothing reads a clock. */
export class Catalog {
  readonly #ctx: CatalogContext

  constructor(ports: CatalogPorts) {
    this.#ctx = { ...ports, limits: { ...DEFAULT_CATALOG_LIMITS, ...ports.limits } }
  }

  createPackage(
    input: Iot.CreatePackageRequest,
    nowMs: number,
  ): Outcome<Iot.CreatePackageResponse> {
    return createPackage(this.#ctx, input, nowMs)
  }

  getPackage(input: Iot.GetPackageRequest): Outcome<Iot.GetPackageResponse> {
    return getPackage(this.#ctx, input)
  }

  updatePackage(input: Iot.UpdatePackageRequest, nowMs: number): Outcome<Empty> {
    return updatePackage(this.#ctx, input, nowMs)
  }

  deletePackage(input: Iot.DeletePackageRequest): Outcome<Empty> {
    return deletePackage(this.#ctx, input)
  }

  listPackages(input: Iot.ListPackagesRequest): Outcome<Iot.ListPackagesResponse> {
    return listPackages(this.#ctx, input)
  }

  createPackageVersion(
    input: Iot.CreatePackageVersionRequest,
    nowMs: number,
  ): Outcome<Iot.CreatePackageVersionResponse> {
    return createPackageVersion(this.#ctx, input, nowMs)
  }

  getPackageVersion(input: Iot.GetPackageVersionRequest): Outcome<Iot.GetPackageVersionResponse> {
    return getPackageVersion(this.#ctx, input)
  }

  updatePackageVersion(input: Iot.UpdatePackageVersionRequest, nowMs: number): Outcome<Empty> {
    return updatePackageVersion(this.#ctx, input, nowMs)
  }

  deletePackageVersion(input: Iot.DeletePackageVersionRequest): Outcome<Empty> {
    return deletePackageVersion(this.#ctx, input)
  }

  listPackageVersions(
    input: Iot.ListPackageVersionsRequest,
  ): Outcome<Iot.ListPackageVersionsResponse> {
    return listPackageVersions(this.#ctx, input)
  }

  getPackageConfiguration(): Outcome<Iot.GetPackageConfigurationResponse> {
    return getPackageConfiguration(this.#ctx)
  }

  updatePackageConfiguration(input: Iot.UpdatePackageConfigurationRequest): Outcome<Empty> {
    return updatePackageConfiguration(this.#ctx, input)
  }

  associateSbom(
    input: Iot.AssociateSbomWithPackageVersionRequest,
    nowMs: number,
  ): Outcome<Iot.AssociateSbomWithPackageVersionResponse> {
    return associateSbom(this.#ctx, input, nowMs)
  }

  disassociateSbom(
    input: Iot.DisassociateSbomFromPackageVersionRequest,
    nowMs: number,
  ): Outcome<Empty> {
    return disassociateSbom(this.#ctx, input, nowMs)
  }

  listSbomValidationResults(
    input: Iot.ListSbomValidationResultsRequest,
  ): Outcome<Iot.ListSbomValidationResultsResponse> {
    return listSbomValidationResults(this.#ctx, input)
  }

  /** A version, for whoever refers to it. */
  version(packageName: string, versionName: string): PackageVersionRecord | undefined {
    return this.#ctx.state.version(packageName, versionName)
  }

  /** `name` is absent where the package has none; undefined for an unknown package. */
  defaultVersion(packageName: string): { readonly name?: string } | undefined {
    const record = this.#ctx.state.package(packageName)
    const { defaultVersionName: name } = record ?? {}
    return record && (name === undefined ? {} : { name })
  }

  /** Whether a package or a version has this ARN: what tag operations ask. */
  hasResource(resourceArn: string): boolean {
    const { packageName, versionName } = namesInArn(this.#ctx.account, resourceArn) ?? {}
    if (packageName === undefined) return false
    if (versionName === undefined) return this.#ctx.state.package(packageName) !== undefined
    return this.version(packageName, versionName) !== undefined
  }

  /** The role of the configuration, for who writes with it. */
  get updateRoleArn(): string | undefined {
    return this.#ctx.state.configuration()?.roleArn
  }

  /** See {@link installedVersions}. */
  installedVersions(destinations: readonly string[]): string | undefined {
    return installedVersions(this.#ctx, destinations)
  }
}
