/** Values of parameters by their names, in the forms in which people take them elsewhere. */
export type Values = Readonly<Record<string, string | number | boolean>>;

export function asFlags(values: Values): string {
  return Object.entries(values)
    .map(([name, value]) => quoted(`--${name}=${value}`))
    .join(' ');
}

export function asJson(values: Values): string {
  return JSON.stringify(values, null, 2);
}

/** Names and texts are quoted as in JSON, which is YAML as well: no reader takes `no` for false. */
export function asYaml(values: Values): string {
  return Object.entries(values)
    .map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
    .join('\n');
}

/** A word that every shell takes as it is. */
export function quoted(text: string): string {
  return /^[\w.,:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
