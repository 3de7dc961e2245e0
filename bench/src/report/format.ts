import type { Row } from '../measurement.ts';

/** Three digits that mean something, however large the number. */
export function formatNumber(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const text = value.toFixed(Math.min(digits, 6));
  return digits > 0 ? text.replace(/\.?0+$/, '') : text.replace(/\B(?=(\d{3})+$)/g, ' ');
}

export function formatValue({ value, unit }: Row): string {
  return `${Number.isInteger(value) ? formatInteger(value) : formatNumber(value)} ${unit}`;
}

export function formatLimit({ limit }: Row): string {
  if (limit === undefined) return '';
  return 'atMost' in limit ? `≤ ${formatNumber(limit.atMost)}` : `≥ ${formatNumber(limit.atLeast)}`;
}

export function formatRatio({ ratio, against }: Row): string {
  return ratio === undefined ? '' : `${formatNumber(ratio)} × ${against ?? ''}`.trim();
}

function formatInteger(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}
