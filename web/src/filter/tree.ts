/** What a filter calls a column; `column` is where it begins in the text, from 1. */
export interface FieldName {
  readonly name: string;
  readonly column: number;
  /** A quoted name is never one of the fields that everything has. */
  readonly isQuoted: boolean;
  readonly space: string | null;
  /** What stands behind `@step=`. */
  readonly step: number | null;
}

/** A value as it is written. */
export interface Given {
  readonly text: string;
  readonly column: number;
  readonly isQuoted: boolean;
}

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Clause =
  | { readonly kind: 'compares'; readonly field: FieldName; readonly comparison: Comparison; readonly given: Given }
  | { readonly kind: 'matches'; readonly field: FieldName; readonly given: Given; readonly isAnywhere: boolean }
  | { readonly kind: 'isIn'; readonly field: FieldName; readonly options: readonly Given[] };

/** Where a part stands in the text: from `start` to before `end`, as `slice` takes them. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Filter =
  | Clause
  | { readonly kind: 'isMissing'; readonly field: FieldName }
  | { readonly kind: 'negated'; readonly part: Filter }
  | { readonly kind: 'every'; readonly parts: readonly Filter[]; readonly spans: readonly Span[] }
  | { readonly kind: 'anyOf'; readonly parts: readonly Filter[] };

/** What is wrong with a filter, and at which column of it, counted from 1. */
export class FilterError extends Error {
  constructor(
    readonly column: number,
    message: string,
  ) {
    super(message);
  }
}

export function refuse(column: number, message: string): never {
  throw new FilterError(column, message);
}

/** A text in quotes, as the server's messages have it. */
export function shown(text: string): string {
  return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll("'", "\\'")}'`;
}
