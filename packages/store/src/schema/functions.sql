-- Shapes of an OTLP attribute list, as SQL functions that the engine inlines where they are called.
-- `a` is Array(Tuple(key, value)) and `v` is AnyValue; the column `value` of AnyValue is the oneof's alternative.

-- One map a type, so that a filter on an integer reads integers. The passes run over arrays of plain values and not over
-- the array of tuples, whose every field a filter would copy. The single text map that others use costs more (numbers become
-- text) and forgets types.
CREATE OR REPLACE FUNCTION stringAttributes AS (a) ->
  mapFromArrays(
    arrayFilter((key, type) -> type = 'string_value', a.key, a.value.value),
    arrayFilter((value, type) -> type = 'string_value', a.value.string_value, a.value.value));

CREATE OR REPLACE FUNCTION intAttributes AS (a) ->
  mapFromArrays(
    arrayFilter((key, type) -> type = 'int_value', a.key, a.value.value),
    arrayFilter((value, type) -> type = 'int_value', a.value.int_value, a.value.value));

CREATE OR REPLACE FUNCTION doubleAttributes AS (a) ->
  mapFromArrays(
    arrayFilter((key, type) -> type = 'double_value', a.key, a.value.value),
    arrayFilter((value, type) -> type = 'double_value', a.value.double_value, a.value.value));

CREATE OR REPLACE FUNCTION boolAttributes AS (a) ->
  mapFromArrays(
    arrayFilter((key, type) -> type = 'bool_value', a.key, a.value.value),
    arrayFilter((value, type) -> type = 'bool_value', a.value.bool_value, a.value.value));

-- Arrays and key-value lists as JSON text ('[' or '{' first), bytes as '=' and base64, an absent value as ''.
CREATE OR REPLACE FUNCTION otherAttributes AS (a) ->
  mapFromArrays(
    arrayFilter((key, type) -> type IN ('no', 'bytes_value', 'json_value'), a.key, a.value.value),
    arrayMap((bytes, json, type) -> if(type = 'bytes_value', concat('=', base64Encode(bytes)), json),
      arrayFilter((bytes, type) -> type IN ('no', 'bytes_value', 'json_value'), a.value.bytes_value, a.value.value),
      arrayFilter((json, type) -> type IN ('no', 'bytes_value', 'json_value'), a.value.json_value, a.value.value),
      arrayFilter(type -> type IN ('no', 'bytes_value', 'json_value'), a.value.value)));

-- A double that reads back as a double: 1 becomes 1.0; what JSON cannot say becomes a string.
CREATE OR REPLACE FUNCTION doubleJson AS (d) ->
  multiIf(
    isNaN(d), '"NaN"',
    d = inf, '"Infinity"',
    d = -inf, '"-Infinity"',
    match(toString(d), '[.e]'), toString(d),
    concat(toString(d), '.0'));

-- A value as JSON text; used where typed columns would cost more than they give (events, links, scopes).
CREATE OR REPLACE FUNCTION valueJson AS (v) ->
  multiIf(
    v.value = 'string_value', toJSONString(v.string_value),
    v.value = 'int_value', toString(v.int_value),
    v.value = 'bool_value', if(v.bool_value, 'true', 'false'),
    v.value = 'double_value', doubleJson(v.double_value),
    v.value = 'json_value', v.json_value,
    v.value = 'bytes_value', concat('"', base64Encode(v.bytes_value), '"'),
    'null');

-- A value as a person reads it: Prometheus labels, Loki metadata, log lines.
CREATE OR REPLACE FUNCTION valueText AS (v) ->
  multiIf(
    v.value = 'string_value', v.string_value,
    v.value = 'int_value', toString(v.int_value),
    v.value = 'bool_value', if(v.bool_value, 'true', 'false'),
    v.value = 'double_value', toString(v.double_value),
    v.value = 'json_value', v.json_value,
    v.value = 'bytes_value', base64Encode(v.bytes_value),
    '');

CREATE OR REPLACE FUNCTION jsonAttributes AS (a) ->
  mapFromArrays(arrayMap(x -> x.key, a), arrayMap(x -> valueJson(x.value), a));

-- The text of one attribute, '' when it is absent. The value is bound by the lambda: an SQL function repeats its argument's
-- expression wherever it names it, and a look-up repeated eight times cost 250 ms of analysis a statement.
CREATE OR REPLACE FUNCTION attributeText AS (a, k) ->
  arrayMap(x -> valueText(x.value), arrayFilter(x -> x.key = k, a))[1];

-- The same attributes in any order are the same resource.
CREATE OR REPLACE FUNCTION attributesHash AS (a) -> sipHash64(arraySort(a));

-- OTLP has no service for some senders; Loki and Tempo both show a name then.
CREATE OR REPLACE FUNCTION serviceName AS (a) ->
  arrayMap(name -> if(name = '', 'unknown_service', name), [attributeText(a, 'service.name')])[1];
