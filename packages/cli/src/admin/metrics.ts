/** A line of the exposition, before it has a value. */
export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly labels: readonly string[];
}

const gauge = (name: string, help: string, ...labels: string[]): Metric => ({ name, type: 'gauge', help, labels });
const counter = (name: string, help: string, ...labels: string[]): Metric => ({ name, type: 'counter', help, labels });

/** Every metric, in the order of the answer; the documentation is made from this table. Times are in seconds, as Prometheus has them. */
export const metrics = {
  buildInfo: gauge('signalbox_build_info', 'Always 1, with the version as a label.', 'version'),
  catalogVersion: gauge('signalbox_catalog_version', 'Number of the newest catalog; 0 before the first.'),
  sourceHealth: gauge('signalbox_source_health', '1 for the health that the source has now.', 'source', 'health'),
  sourceServices: gauge('signalbox_source_services', 'Services of the set that counts.', 'source'),
  sourceEndpoints: gauge('signalbox_source_endpoints', 'Endpoints of the set that counts.', 'source'),
  sourceSyncedAt: gauge('signalbox_source_last_sync_timestamp_seconds', 'When the source answered last.', 'source'),
  sourceHeld: gauge('signalbox_source_held_endpoints', 'Endpoints that stay because a guard holds a loss.', 'source'),
  sourceErrors: counter('signalbox_source_errors_total', 'Failures of the source.', 'source'),
  sinkHealth: gauge('signalbox_sink_health', '1 for the health that the sink has now.', 'sink', 'health'),
  sinkVersion: gauge('signalbox_sink_applied_version', 'Number of the catalog that is applied.', 'sink'),
  sinkAppliedAt: gauge('signalbox_sink_last_apply_timestamp_seconds', 'When the sink applied last.', 'sink'),
  sinkApplies: counter('signalbox_sink_applies_total', 'Plans that were applied.', 'sink'),
  sinkChanges: counter('signalbox_sink_changes_total', 'Changes of these plans.', 'sink', 'action'),
  sinkSeconds: counter('signalbox_sink_apply_seconds_total', 'Time that applying took in all.', 'sink'),
  sinkErrors: counter('signalbox_sink_errors_total', 'Failures of the sink.', 'sink', 'phase'),
  warnings: gauge('signalbox_warnings', 'What a part leaves out or cannot grant now.', 'kind', 'id'),
  processCpu: counter('process_cpu_seconds_total', 'Processor time of this process.'),
  processMemory: gauge('process_resident_memory_bytes', 'Memory of this process.'),
  processStart: gauge('process_start_time_seconds', 'When this process began.'),
} as const;

export interface Sample {
  readonly metric: Metric;
  /** In the order of the metric's labels. */
  readonly labels: readonly string[];
  readonly value: number;
}

/** Prometheus' text format, version 0.0.4. */
export function renderMetrics(samples: readonly Sample[]): string {
  const lines: string[] = [];
  for (const metric of Object.values(metrics)) {
    const own = samples.filter((sample) => sample.metric === metric);
    if (own.length === 0) continue;
    lines.push(`# HELP ${metric.name} ${metric.help}`, `# TYPE ${metric.name} ${metric.type}`);
    for (const { labels, value } of own) lines.push(`${metric.name}${renderLabels(metric, labels)} ${value}`);
  }
  return `${lines.join('\n')}\n`;
}

function renderLabels({ labels: names }: Metric, values: readonly string[]): string {
  if (names.length === 0) return '';
  return `{${names.map((name, index) => `${name}="${escapeLabel(values[index] ?? '')}"`).join(',')}}`;
}

function escapeLabel(text: string): string {
  return text.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}
