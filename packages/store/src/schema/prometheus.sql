-- OTLP metric and attribute names as Prometheus 3 translates them (UnderscoreEscapingWithSuffixes), done by the engine
-- once a series and load, never once a sample.

-- prometheusUnit and prometheusPerUnit are made of a table that forwarding shares: naming.ts. Its translation in TypeScript
-- (packages/otlp/src/prometheus) is held to these functions by a test, packages/store/src/schema/translation.test.ts.

-- A unit in braces is a remark; characters that a name may not hold become one underscore, none at the ends.
CREATE OR REPLACE FUNCTION prometheusCleanUnit AS (u) ->
  trim(BOTH '_' FROM replaceRegexpAll(u, '[^a-zA-Z0-9:]+', '_'));

CREATE OR REPLACE FUNCTION prometheusMainUnit AS (unit) ->
  arrayMap(u -> if(match(u, '[{}]'), '', prometheusCleanUnit(prometheusUnit(u))),
    [trim(splitByChar('/', unit, 2)[1])])[1];

CREATE OR REPLACE FUNCTION prometheusRateUnit AS (unit) ->
  arrayMap(u -> if(match(u, '[{}]'), '', prometheusCleanUnit(prometheusPerUnit(u))),
    [trim(splitByChar('/', unit, 2)[2])])[1];

CREATE OR REPLACE FUNCTION prometheusTokens AS (name) ->
  arrayFilter(t -> t != '', splitByRegexp('[^a-zA-Z0-9:]', name));

-- What the unit adds to the name, each part only when the name does not hold it yet.
CREATE OR REPLACE FUNCTION prometheusUnitTokens AS (tokens, unit) ->
  arrayConcat(
    arrayFilter(t -> t != '' AND NOT has(tokens, t), [prometheusMainUnit(unit)]),
    arrayFlatten(arrayMap(t -> ['per', t],
      arrayFilter(t -> t != '' AND NOT has(tokens, t), [prometheusRateUnit(unit)]))));

CREATE OR REPLACE FUNCTION prometheusSuffixed AS (tokens, unit, metricType, monotonic) ->
  multiIf(
    metricType = 'sum' AND monotonic, arrayPushBack(arrayFilter(t -> t != 'total', tokens), 'total'),
    metricType = 'gauge' AND unit = '1', arrayPushBack(arrayFilter(t -> t != 'ratio', tokens), 'ratio'),
    tokens);

CREATE OR REPLACE FUNCTION prometheusName AS (name, unit, metricType, monotonic) ->
  arrayMap(own ->
    arrayMap(tokens -> replaceRegexpOne(
        arrayStringConcat(prometheusSuffixed(tokens, unit, metricType, monotonic), '_'), '^([0-9])', '_\\1'),
      [arrayConcat(own, prometheusUnitTokens(own, unit))])[1],
    [prometheusTokens(name)])[1];

-- The cleaned name with nothing added (UnderscoreEscapingWithoutSuffixes).
CREATE OR REPLACE FUNCTION prometheusPlainName AS (name) ->
  replaceRegexpOne(arrayStringConcat(prometheusTokens(name), '_'), '^([0-9])', '_\\1');

CREATE OR REPLACE FUNCTION withSuffix AS (name, suffix) ->
  arrayMap((n, s) -> if(s = '' OR endsWith(n, s), n, concat(n, '_', s)), [name], [suffix])[1];

-- The name as it is, with the unit and the kind added (NoUTF8EscapingWithSuffixes).
CREATE OR REPLACE FUNCTION prometheusUtf8Name AS (name, unit, metricType, monotonic) ->
  arrayMap((n, last) -> withSuffix(withSuffix(withSuffix(
      replaceRegexpOne(n, if(last = '', '^$', concat('.', last, '$')), ''),
      prometheusMainUnit(unit)),
      arrayMap(t -> if(t = '', '', concat('per_', t)), [prometheusRateUnit(unit)])[1]),
      last),
    [name],
    [multiIf(metricType = 'sum' AND monotonic, 'total', metricType = 'gauge' AND unit = '1', 'ratio', '')])[1];

-- Invalid characters become '_' each; a leading digit gets 'key_', a single leading '_' gets 'key'; '__x__' stays.
CREATE OR REPLACE FUNCTION prometheusLabel AS (k) ->
  arrayMap(c -> multiIf(match(c, '^[0-9]'), concat('key_', c), match(c, '^_([^_]|$)'), concat('key', c), c),
    [replaceRegexpAll(k, '[^a-zA-Z0-9_]', '_')])[1];

-- What an installation may choose (promotedAttributes, translatedName, translatedLabel, translatedSeriesId) is in naming.ts.

-- (label, value) pairs of an attribute list in the order of the original keys.
CREATE OR REPLACE FUNCTION prometheusPairs AS (a) ->
  arrayFilter(p -> p.2 != '' AND p.1 != '__name__',
    arrayMap(x -> (translatedLabel(x.key), valueText(x.value)), arraySort(x -> x.key, a)));

-- The same of a series that came from Prometheus: its labels are what they are.
CREATE OR REPLACE FUNCTION verbatimPairs AS (a) ->
  arrayFilter(p -> p.2 != '' AND p.1 != '__name__', arrayMap(x -> (x.key, valueText(x.value)), arraySort(x -> x.key, a)));

-- Labels that collide after cleaning have their values joined with ';' (Prometheus, otlptranslator).
CREATE OR REPLACE FUNCTION prometheusMerged AS (pairs) ->
  arrayMap(k -> (k, arrayStringConcat(arrayMap(p -> p.2, arrayFilter(p -> p.1 = k, pairs)), ';')),
    arrayDistinct(arrayMap(p -> p.1, pairs)));

-- job is namespace/name, or the name alone; instance is the instance's id.
CREATE OR REPLACE FUNCTION prometheusIdentity AS (r) ->
  arrayFilter(p -> p.2 != '', [
    ('job', trim(BOTH '/' FROM concat(attributeText(r, 'service.namespace'), '/', attributeText(r, 'service.name')))),
    ('instance', attributeText(r, 'service.instance.id'))]);

-- The winners' pairs, then those of the others whose label no winner has.
CREATE OR REPLACE FUNCTION prometheusOverlay AS (winners, others) ->
  arrayConcat(winners, arrayFilter(p -> NOT has(arrayMap(w -> w.1, winners), p.1), others));
