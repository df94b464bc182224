/** Certificates and their authorities: constraints of the control plane's input structures. */
import type { ServiceConstraints } from '../constraint.ts'
import * as shapes from './shapes.ts'

export const certificates: ServiceConstraints<'iot'> = {
  CreateCertificateFromCsrRequest: {
    certificateSigningRequest: shapes.certificateSigningRequest,
  },
  DescribeCertificateRequest: {
    certificateId: shapes.certificateId,
  },
  UpdateCertificateRequest: {
    certificateId: shapes.certificateId,
    newStatus: shapes.certificateStatus,
  },
  DeleteCertificateRequest: {
    certificateId: shapes.certificateId,
  },
  ListCertificatesRequest: {
    pageSize: shapes.pageSize,
    marker: shapes.marker,
  },
  ListCertificatesByCARequest: {
    caCertificateId: shapes.certificateId,
    pageSize: shapes.pageSize,
    marker: shapes.marker,
  },
  RegisterCertificateRequest: {
    certificatePem: shapes.certificatePem,
    caCertificatePem: shapes.certificatePem,
    status: shapes.certificateStatus,
  },
  RegisterCertificateWithoutCARequest: {
    certificatePem: shapes.certificatePem,
    status: shapes.certificateStatus,
  },
  RegisterCACertificateRequest: {
    caCertificate: shapes.certificatePem,
    verificationCertificate: shapes.certificatePem,
    certificateMode: shapes.certificateMode,
  },
  DescribeCACertificateRequest: {
    certificateId: shapes.certificateId,
  },
  UpdateCACertificateRequest: {
    certificateId: shapes.certificateId,
    newStatus: shapes.cACertificateStatus,
    newAutoRegistrationStatus: shapes.autoRegistrationStatus,
  },
  DeleteCACertificateRequest: {
    certificateId: shapes.certificateId,
  },
  ListCACertificatesRequest: {
    pageSize: shapes.pageSize,
    marker: shapes.marker,
    templateName: shapes.templateName,
  },
  TransferCertificateRequest: {
    certificateId: shapes.certificateId,
    targetAwsAccount: shapes.awsAccountId,
    transferMessage: shapes.message,
  },
  AcceptCertificateTransferRequest: {
    certificateId: shapes.certificateId,
  },
  RejectCertificateTransferRequest: {
    certificateId: shapes.certificateId,
    rejectReason: shapes.message,
  },
  CancelCertificateTransferRequest: {
    certificateId: shapes.certificateId,
  },
  ListOutgoingCertificatesRequest: {
    pageSize: shapes.pageSize,
    marker: shapes.marker,
  },
  RegistrationConfig: {
    templateBody: shapes.templateBody,
    roleArn: shapes.roleArn,
    templateName: shapes.templateName,
  },
}
