import { expect, test } from 'vitest';
import { isCertificateSuccess } from './certificates.ts';

test.each([
  "New empty certificate store '/c/a.pem'!",
  'Transaction created for certificate /c/a.pem!',
  'Server deleted.\nTransaction updated for certificate /c/a.pem!',
  'Committing /c/a.pem.\nSuccess!',
  "Certificate '/c/a.pem' deleted!",
])('%j says that it was done', (reply) => expect(isCertificateSuccess(reply)).toBe(true));

test.each([
  '',
  'unable to load certificate from file',
  'Server deleted.\nNo ongoing transaction!',
  'Success!\nbut Transaction aborted',
])('%j does not', (reply) => expect(isCertificateSuccess(reply)).toBe(false));
