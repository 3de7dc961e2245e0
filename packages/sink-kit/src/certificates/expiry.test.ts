import { expect, it } from 'vitest';
import type { Certificate } from './certificate.ts';
import { describeExpiries, formatDay } from './expiry.ts';

const nowMs = Date.parse('2026-03-10T12:00:00Z');
const ends = (name: string, time: string): Certificate => ({
  name,
  source: `/certificates/${name}.pem`,
  hostnames: [],
  notBeforeMs: 0,
  notAfterMs: Date.parse(time),
  keyType: 'ec',
  fingerprint: '',
  contentHash: '',
  readPem: () => '',
});

it('names what ended and what is about to, with days and not with hours', () => {
  const certificates = [
    ends('good', '2026-03-24T12:00:01Z'),
    ends('soon', '2026-03-24T12:00:00Z'),
    ends('gone', '2026-03-10T12:00:00Z'),
  ];
  expect(describeExpiries(certificates, 14, nowMs)).toEqual([
    'the certificate soon expires on 2026-03-24, in less than 14 days',
    'the certificate gone expired on 2026-03-10 and is still in force: clients refuse it',
  ]);
  expect(describeExpiries(certificates, 0, nowMs)).toHaveLength(1);
});

it('tells days that are no days', () => {
  expect(formatDay(Number.NaN)).toBe('a day that cannot be told');
});
