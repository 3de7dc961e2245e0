import { z } from 'zod';
import { plainPath } from './plain-path.ts';

const pemPath = z.string().min(1);

const ciphers = z.string().regex(/^[A-Za-z0-9:!+@=_-]{1,2000}$/, "must be a list in OpenSSL's words");

export const listenerTls = z.strictObject({
  minVersion: z.enum(['1.2', '1.3']).default('1.2').meta({ description: 'The oldest version of TLS.' }),
  alpn: z
    .array(z.enum(['h2', 'http/1.1']))
    .min(1)
    .default(['h2', 'http/1.1'])
    .meta({ description: 'Protocols offered by ALPN, the best first.' }),
  ciphers: ciphers.optional().meta({ description: "For TLS 1.2, in OpenSSL's words. Default: the proxy's own." }),
  cipherSuites: ciphers.optional().meta({ description: "For TLS 1.3, in OpenSSL's words. Default: the proxy's own." }),
  strictSni: z
    .boolean()
    .default(false)
    .meta({ description: 'Refuse the handshake of clients that name no host of a certificate.' }),
});

/** For sinks that verify certificates of clients. */
export const verifyingTls = listenerTls.extend({
  clientCertificates: z
    .strictObject({
      caFile: pemPath.meta({ description: 'File with the authorities that they have to come from, in PEM.' }),
      crlFile: pemPath.optional().meta({
        description: 'File with lists of revoked certificates, in PEM, one for each authority.',
      }),
      verify: z.enum(['required', 'optional']).default('required').meta({
        description: 'Whether a client may come without; one that is wrong is refused either way.',
      }),
    })
    .optional()
    .meta({ description: 'Clients show a certificate. Default: they are not asked for one.' }),
});

const certificates = z.strictObject({
  directory: z.string().min(1).meta({ description: 'Folder of the certificates; it is watched.' }),
  default: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/, 'must be the name of a certificate: its file without the extension')
    .optional()
    .meta({
      description:
        'Name of the certificate for clients that name no host, or an unknown one. Default: the first by name.',
    }),
  expiryWarningDays: z
    .int()
    .min(0)
    .max(3_650)
    .default(14)
    .meta({ description: 'A plan warns this long before a certificate ends.' }),
});

/** For one of `listeners`. */
export const listenerTlsSchemas = { tls: tlsOf(listenerTls) };

/** The same for sinks that verify certificates of clients. */
export const verifyingListenerTlsSchemas = { tls: tlsOf(verifyingTls) };

function tlsOf<Schema extends z.ZodType>(schema: Schema) {
  return z
    .union([z.boolean(), schema])
    .default(false)
    .meta({ description: 'Clients speak TLS; `certificates` says where the certificates are.' });
}

/** For sinks whose service ports can end TLS. */
export const servicePortTlsSchemas = {
  servicePortTls: verifyingTls
    .prefault({})
    .meta({ description: 'How the ports of services with `portTls` speak TLS.' }),
};

export const tlsSchemas = {
  certificates: certificates
    .optional()
    .meta({ description: 'The certificates of listeners and service ports with TLS.' }),
  endpointTls: z
    .strictObject({
      caFile: z.string().regex(plainPath, 'must be a path of letters, digits and ._/@+,=~-').optional().meta({
        description:
          'File with the authorities that endpoints are verified against, in PEM. Default: those of the system.',
      }),
    })
    .prefault({})
    .meta({ description: 'How endpoints of services with `traffic.endpointTls` are verified.' }),
};
