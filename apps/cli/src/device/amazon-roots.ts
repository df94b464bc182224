/** What devices of AWS trust. */
import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'

/** Amazon's root certificates, from those that Node comes with, as PEM. */
export function amazonRoots(): string {
  const roots = rootCertificates.filter((pem) =>
    /^CN=Amazon Root CA \d$/m.test(new X509Certificate(pem).subject),
  )
  return `${roots.join('\n')}\n`
}
