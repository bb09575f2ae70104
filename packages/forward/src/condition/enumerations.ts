/** OTLP's enumerations under the names that conditions use. */
export const enumerations: Readonly<Record<string, number>> = {
  SPAN_KIND_UNSPECIFIED: 0,
  SPAN_KIND_INTERNAL: 1,
  SPAN_KIND_SERVER: 2,
  SPAN_KIND_CLIENT: 3,
  SPAN_KIND_PRODUCER: 4,
  SPAN_KIND_CONSUMER: 5,
  STATUS_CODE_UNSET: 0,
  STATUS_CODE_OK: 1,
  STATUS_CODE_ERROR: 2,
  METRIC_DATA_TYPE_NONE: 0,
  METRIC_DATA_TYPE_GAUGE: 1,
  METRIC_DATA_TYPE_SUM: 2,
  METRIC_DATA_TYPE_HISTOGRAM: 3,
  METRIC_DATA_TYPE_EXPONENTIAL_HISTOGRAM: 4,
  METRIC_DATA_TYPE_SUMMARY: 5,
  SEVERITY_NUMBER_UNSPECIFIED: 0,
  ...severities(),
};

/** Six names of four numbers each: TRACE, TRACE2, … FATAL4. */
function severities(): Record<string, number> {
  const names = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
  return Object.fromEntries(
    names.flatMap((name, index) =>
      [1, 2, 3, 4].map((step) => [`SEVERITY_NUMBER_${name}${step === 1 ? '' : step}`, index * 4 + step]),
    ),
  );
}
