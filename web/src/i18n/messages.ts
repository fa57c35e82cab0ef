import { language, type Language } from './language';

/** A text, or a function that makes one of what it is about. */
type Message = string | ((...about: never[]) => string);
type Catalogue = Readonly<Record<string, Message>>;

/** The same keys with the same arguments: one that is missing does not compile. */
export type Translated<T extends Catalogue> = {
  readonly [Key in keyof T]: T[Key] extends (...about: infer About) => string
    ? (...about: About) => string
    : string;
};

/**
 * The texts of one part of the console in every language. What comes back is called where a text is
 * shown, so that it follows the language: `const t = messages({…}, {zh: {…}, ko: {…}}); t().title`.
 */
export function messages<T extends Catalogue>(
  en: T,
  others: Readonly<Record<Exclude<Language, 'en'>, Translated<T>>>,
): () => Translated<T> {
  const all: Record<Language, Translated<T>> = { en: en as unknown as Translated<T>, ...others };
  return () => all[language.value];
}

/** English needs one word for one thing and another for several. */
export function plural(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
