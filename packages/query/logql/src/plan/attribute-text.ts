/** Attributes as rows of `logs` and `resources` have them, one map a type. */
export interface AttributeColumns {
  readonly attributes_string: Readonly<Record<string, string>>;
  readonly attributes_int: Readonly<Record<string, string>>;
  readonly attributes_double: Readonly<Record<string, number | string | null>>;
  readonly attributes_bool: Readonly<Record<string, boolean>>;
  readonly attributes_other: Readonly<Record<string, string>>;
}

/** Every attribute as text: numbers in decimal, arrays and objects as JSON, bytes as base64. */
export function attributeTexts(
  columns: AttributeColumns,
): readonly (readonly [key: string, value: string])[] {
  return [
    ...Object.entries(columns.attributes_string),
    ...Object.entries(columns.attributes_int),
    ...Object.entries(columns.attributes_double).map(
      ([key, value]) => [key, String(value ?? 'NaN')] as const,
    ),
    ...Object.entries(columns.attributes_bool).map(([key, value]) => [key, String(value)] as const),
    ...Object.entries(columns.attributes_other).map(
      ([key, value]) => [key, value.replace(/^=/, '')] as const,
    ),
  ];
}

/** The text of a value that is kept as JSON: a string without its quotes, all else as it stands. */
export function textOfJson(json: string): string {
  return json.startsWith('"') ? String(JSON.parse(json)) : json;
}
