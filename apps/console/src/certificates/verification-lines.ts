/** Lines for a shell that prove that an authority's key is at hand. */

/** @param registrationCode - the account's, which the certificate is made for */
export function verificationLines(registrationCode: string): string {
  return [
    'openssl req -new -newkey rsa:2048 -nodes -keyout verification.key \\',
    `  -subj "/CN=${registrationCode}" -out verification.csr`,
    'openssl x509 -req -in verification.csr -CA ca.pem -CAkey ca.key \\',
    '  -CAcreateserial -days 30 -sha256 -out verification.pem',
  ].join('\n')
}
